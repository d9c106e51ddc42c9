namespace HomelabOps.Cluster.Tests;

/// <summary>Restarting, stopping and starting applications of the embedded homelab, and waiting for commits.</summary>
[Collection(nameof(Alone))]
public sealed class AppOperationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_restart_makes_new_pods_and_Flux_does_not_undo_it()
    {
        var before = Run("(Get-HomelabApp sonarr).Pods.Name").ThrowIfFailed().Strings.Single();
        Assert.Equal(["True"], Run("(Restart-HomelabApp sonarr -TimeoutSeconds 120).Healthy").ThrowIfFailed().Strings);
        var after = Run("(Get-HomelabApp sonarr).Pods.Name").ThrowIfFailed().Strings.Single();
        Assert.NotEqual(before, after);

        Run("$null = Invoke-FluxReconcile Kustomization/apps -TimeoutSeconds 60").ThrowIfFailed();
        Assert.Equal([after], Run("(Get-HomelabApp sonarr).Pods.Name").ThrowIfFailed().Strings);
        Assert.Contains("restartedAt", Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_application_stays_stopped_says_why_and_comes_back_as_it_was()
    {
        var stopped = Run("Stop-HomelabApp radarr -Reason 'repair the database' -Duration 2h -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal((true, false, 0, 1), (stopped.Properties["Stopped"].Value, stopped.Properties["Ready"].Value, stopped.Properties["Replicas"].Value, stopped.Properties["StoppedReplicas"].Value));
        Run("$null = Invoke-FluxReconcile Kustomization/apps -TimeoutSeconds 60").ThrowIfFailed();
        var message = Run("(Get-HomelabApp radarr).Message").ThrowIfFailed().Strings.Single();
        Assert.All(["repair the database", $"by {Environment.UserName}@", "until "], text => Assert.Contains(text, message, StringComparison.Ordinal));
        Assert.Equal(["0"], Run("(Get-HomelabObject Deployment/media/radarr).spec.replicas").ThrowIfFailed().Strings);

        Assert.Single(Run("Stop-HomelabApp radarr").Warnings);
        Assert.Equal("AppNotRunning", Id("Restart-HomelabApp radarr"));
        Assert.Equal(["newer", "1"], Run("$a = Stop-HomelabApp radarr -Reason newer; $a.Stop.Reason; $a.StoppedReplicas").ThrowIfFailed().Strings);

        Assert.Equal(["True", "False", "1"], Run("$a = Start-HomelabApp radarr -TimeoutSeconds 120; $a.Healthy; $a.Stopped; $a.Replicas").ThrowIfFailed().Strings);
        Assert.DoesNotContain("homelabops.github.io", Run("Get-HomelabObject Deployment/media/radarr -AsYaml").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);
        Assert.Contains("\"form\":\"MergePatch\"", Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_HelmRelease_makes_is_stopped_with_its_release_suspended()
    {
        Run("$null = Stop-HomelabApp tautulli -Reason move -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal(["True", "move"], Run("$r = Get-FluxHelmRelease tautulli; $r.Suspended; $r.Suspension.Reason").ThrowIfFailed().Strings);
        Assert.Equal(["True", "False"], Run("(Start-HomelabApp tautulli -TimeoutSeconds 120).Healthy; (Get-FluxHelmRelease tautulli).Suspended").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("CronJob")]
    [InlineData("DaemonSet")]
    [InlineData("StatefulSet")]
    public void Every_kind_of_workload_can_be_stopped_and_started(string kind)
    {
        var name = Run($"Get-HomelabApp | Where-Object Kind -EQ {kind} | ForEach-Object {{ \"$_\" }}").ThrowIfFailed().Strings.First();
        Assert.Equal(["True", "False"], Run($"$a = Stop-HomelabApp {name} -TimeoutSeconds 120; $a.Stopped; $a.Ready").ThrowIfFailed().Strings);
        Assert.Equal(["False", "True"], Run($"$a = Start-HomelabApp {name} -TimeoutSeconds 120; $a.Stopped; $a.Ready").ThrowIfFailed().Strings);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        const string generation = "(Get-HomelabObject Deployment/media/plex).metadata.generation";
        var before = Run(generation).ThrowIfFailed().Strings;
        Run("Restart-HomelabApp plex -WhatIf; Stop-HomelabApp plex -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Run(generation).ThrowIfFailed().Strings);
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));

        // Only one that was stopped can be started.
        Run("$null = Stop-HomelabApp plex -TimeoutSeconds 120").ThrowIfFailed();
        before = Run(generation).ThrowIfFailed().Strings;
        Run("Start-HomelabApp plex -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Run(generation).ThrowIfFailed().Strings);
        Assert.Equal(["False", "True"], Run("$a = Start-HomelabApp plex -TimeoutSeconds 120; $a.Stopped; $a.Ready").ThrowIfFailed().Strings);
    }

    [Fact]
    public void One_that_is_scaled_to_0_is_not_started_and_says_what_helps()
    {
        Run("$null = Set-HomelabAppReplica plex 0 -Temporary 3>$null").ThrowIfFailed();
        var untouched = Run("(Start-HomelabApp plex).Replicas").ThrowIfFailed();
        Assert.Equal(["0"], untouched.Strings);
        Assert.Contains("Set-HomelabAppReplica media/plex 1", Assert.Single(untouched.Warnings), StringComparison.Ordinal);

        // What had none comes back with none.
        Run("$null = Stop-HomelabApp plex -TimeoutSeconds 120").ThrowIfFailed();
        var started = Run("$a = Start-HomelabApp plex -TimeoutSeconds 120; $a.Stopped; $a.Replicas").ThrowIfFailed();
        Assert.Equal(["False", "0"], started.Strings);
        Assert.Contains("Set-HomelabAppReplica media/plex 1", Assert.Single(started.Warnings), StringComparison.Ordinal);
        Assert.Equal(["True"], Run("(Set-HomelabAppReplica plex 1 -Temporary 3>$null).Ready").ThrowIfFailed().Strings);
    }

    [Fact]
    public void The_present_generation_is_complete_at_once()
    {
        var status = Run("Wait-HomelabRollout prowlarr").ThrowIfFailed().Output.Single();
        Assert.Equal((true, 1, 1, 1, "Complete"), (status.Properties["Complete"].Value, status.Properties["Replicas"].Value, status.Properties["Updated"].Value, status.Properties["Available"].Value, status.Properties["Reason"].Value));
        Assert.Equal(["Applied"], Run("@(Get-HomelabApp | Where-Object Kind -EQ CronJob)[0] | Wait-HomelabRollout | ForEach-Object Reason").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_commit_is_followed_until_its_pods_run()
    {
        var commit = Edit("clusters/homelab/apps/media/prowlarr/deployment.yaml", text => text.Replace("Europe/Berlin", "Europe/Paris", StringComparison.Ordinal));
        var status = Run($"Wait-HomelabRollout prowlarr -Commit {commit} -Reconcile -TimeoutSeconds 180").ThrowIfFailed().Output.Single();
        Assert.Equal((true, $"main@sha1:{commit}"), (status.Properties["Complete"].Value, status.Properties["Revision"].Value));
        Assert.Equal(["Europe/Paris"], Run("(Get-HomelabObject Deployment/media/prowlarr).spec.template.spec.containers[0].env[0].value").ThrowIfFailed().Strings);

        // A later revision has it as well, which the connected repository knows.
        var later = Edit("clusters/homelab/apps/media/prowlarr/deployment.yaml", text => text.Replace("Europe/Paris", "Europe/Rome", StringComparison.Ordinal));
        Run($"$null = Wait-HomelabRollout prowlarr -Commit {later[..10]} -Reconcile -TimeoutSeconds 180").ThrowIfFailed();
        Assert.Equal([$"main@sha1:{later}"], Run($"(Wait-HomelabRollout prowlarr -Commit {commit}).Revision").ThrowIfFailed().Strings);
    }

    [Fact]
    public void A_commit_that_cannot_be_built_fails_with_the_words_of_Flux()
    {
        const string Manifest = "clusters/homelab/apps/kustomization.yaml";
        var before = "";
        var commit = Edit(Manifest, text => (before = text) + "  - none-such\n");
        var result = Run($"Wait-HomelabRollout prowlarr -Commit {commit} -Reconcile -TimeoutSeconds 120");
        var later = Edit(Manifest, _ => before);
        Assert.Equal("DeliveryFailed", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("none-such", result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Run($"$null = Wait-HomelabRollout prowlarr -Commit {later} -Reconcile -TimeoutSeconds 180").ThrowIfFailed();
    }

    [Theory]
    [InlineData("Wait-HomelabRollout sonarr -Commit 0123456789abcdef -Reconcile", "DeliveryBehind")]
    [InlineData("Wait-HomelabRollout sonarr -Commit 0123456789abcdef -TimeoutSeconds 2", "DeliveryTimeout")]
    [InlineData("Wait-HomelabRollout sonarr -Commit main", "CommitInvalid")]
    [InlineData("Wait-HomelabRollout coredns -Commit 0123456789abcdef", "FluxOwnerNotFound")]
    [InlineData("Wait-HomelabRollout none", "AppNotFound")]
    [InlineData("Wait-HomelabRollout", "NameRequired")]
    [InlineData("Restart-HomelabApp", "NameRequired")]
    [InlineData("Restart-HomelabApp none", "AppNotFound")]
    [InlineData("Stop-HomelabApp none", "AppNotFound")]
    [InlineData("Start-HomelabApp none", "AppNotFound")]
    [InlineData("Stop-HomelabApp sonarr -Duration 0s", "SuspensionEndInvalid")]
    [InlineData("@(Get-HomelabApp | Where-Object Kind -EQ CronJob)[0] | Restart-HomelabApp", "AppNotRestartable")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal(id, Id(script));

    [Fact]
    public void What_is_suspended_on_the_way_is_an_error()
    {
        Run("$null = Suspend-FluxResource Kustomization/apps").ThrowIfFailed();
        var id = Id("Wait-HomelabRollout sonarr -Commit 0123456789abcdef -TimeoutSeconds 5");
        Run("$null = Resume-FluxResource Kustomization/apps -TimeoutSeconds 60").ThrowIfFailed();

        // The source comes first, and it lacks the commit.
        Assert.Equal("DeliveryTimeout", id);
        var head = Run("((Get-FluxSource flux-system).Revision -split ':')[-1]").ThrowIfFailed().Strings.Single();
        Run("$null = Suspend-FluxResource Kustomization/apps").ThrowIfFailed();
        Assert.Equal(["True"], Run($"(Wait-HomelabRollout sonarr -Commit {head} -TimeoutSeconds 60).Complete").ThrowIfFailed().Strings);
        var commit = Edit("clusters/homelab/apps/media/sonarr/deployment.yaml", text => text + "# seen\n");
        id = Id($"Wait-HomelabRollout sonarr -Commit {commit} -Reconcile -TimeoutSeconds 60");
        Run("$null = Resume-FluxResource Kustomization/apps -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal("DeliverySuspended", id);
    }

    private string Id(string script) => Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0];

    private string Journal() => string.Concat(Directory.EnumerateFiles(Path.Combine(_state, "journal")).Select(File.ReadAllText));

    private string Edit(string path, Func<string, string> change) => HomelabClone.Edit(sandbox, path, change);

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
