namespace HomelabOps.Cluster.Tests;

/// <summary>The cmdlets that change Flux, on the embedded homelab with its real Git repository.</summary>
[Collection(nameof(Alone))]
public sealed class FluxOperationTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_reconcile_gives_its_result_at_once()
    {
        var result = Run("Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal(("apps", "True", true), (result.Properties["Name"].Value, result.Properties["Ready"].Value.ToString(), result.Properties["Healthy"].Value));
        Assert.StartsWith("main@sha1:", (string)result.Properties["Revision"].Value, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_state, "journal")));
    }

    [Fact]
    public void Its_own_repository_has_no_finding_and_gives_what_is_in_the_cluster()
    {
        Assert.Empty(Run("Test-FluxManifest").ThrowIfFailed().Output);

        var objects = Run("Test-FluxManifest -PassThru | Where-Object kind -EQ Deployment | ForEach-Object { $_.metadata.namespace + '/' + $_.metadata.name }");
        Assert.Empty(objects.Warnings);
        Assert.Subset(Run("(Get-HomelabObject -Kind Deployment).metadata | ForEach-Object { $_.namespace + '/' + $_.name }").ThrowIfFailed().Strings.ToHashSet(), objects.ThrowIfFailed().Strings.ToHashSet());
    }

    [Fact]
    public void WhatIf_tells_the_whole_chain_and_changes_nothing()
    {
        var before = Version("apps");
        Run("Invoke-FluxReconcile Kustomization/apps -Chain -WhatIf; Suspend-FluxResource Kustomization/apps -WhatIf; Resume-FluxResource Kustomization/apps -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Version("apps"));
        Assert.False(Directory.Exists(Path.Combine(_state, "journal")));
    }

    [Fact]
    public void A_suspended_object_says_why_is_not_reconciled_and_comes_back()
    {
        Run("$null = Suspend-FluxResource Kustomization/infrastructure-traefik -Reason 'new router' -Duration 2h").ThrowIfFailed();
        var refused = Run("Invoke-FluxReconcile Kustomization/infrastructure-traefik");
        Assert.Equal("FluxSuspended", Assert.Single(refused.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.All(["new router", $"by {Environment.UserName}@", "until "], text => Assert.Contains(text, refused.Errors[0].Exception.Message, StringComparison.Ordinal));
        Assert.Contains("new router", Run("(Get-FluxStatus infrastructure-traefik).Message").ThrowIfFailed().Strings.Single(), StringComparison.Ordinal);

        var resumed = Run("Get-FluxStatus infrastructure-traefik | Resume-FluxResource -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal(("True", false), (resumed.Properties["Ready"].Value.ToString(), resumed.Properties["Suspended"].Value));
    }

    [Fact]
    public void A_second_suspension_loses_nothing_that_the_first_said()
    {
        Run("$null = Suspend-FluxResource ks/infrastructure-traefik -Reason 'new router' -Duration 2h").ThrowIfFailed();
        var again = Run("Suspend-FluxResource Kustomization/infrastructure-traefik");
        Assert.Contains("new router", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Contains("new router", (string)again.ThrowIfFailed().Output.Single().Properties["Message"].Value, StringComparison.Ordinal);

        var other = Run("(Suspend-FluxResource Kustomization/infrastructure-traefik -Reason 'newer router').Suspension").ThrowIfFailed().Output.Single();
        Assert.Equal("newer router", other.Properties["Reason"].Value);
        Assert.NotNull(other.Properties["Until"].Value);
        Assert.Equal(["newer router"], Run("(Get-FluxStatus infrastructure-traefik).Suspension.Reason").ThrowIfFailed().Strings);
        Run("$null = Resume-FluxResource ks/infrastructure-traefik -TimeoutSeconds 60").ThrowIfFailed();
    }

    [Theory]
    [InlineData("Invoke-FluxReconcile -TimeoutSeconds 60 | ForEach-Object { \"$_\" }")]
    [InlineData("Suspend-FluxResource -WhatIf")]
    [InlineData("Resume-FluxResource | ForEach-Object { \"$_\" }")]
    [InlineData("Get-FluxTree | Where-Object Depth -EQ 0 | ForEach-Object { \"$_\" }")]
    public void All_pods_of_what_Flux_applies_lead_to_it_once(string command)
    {
        string[] expected = command.Contains("WhatIf", StringComparison.Ordinal) ? [] : ["Kustomization/flux-system/apps"];
        Assert.Equal(expected, Run($"Get-HomelabPod -Namespace media -App sonarr, radarr | {command}").ThrowIfFailed().Strings);
        expected = expected.Length == 0 ? [] : ["HelmRelease/media/tautulli"];
        Assert.Equal(expected, Run($"Get-HomelabPod tautulli* -Namespace media | {command}").ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("sonarr", "Kustomization/flux-system/apps")]
    [InlineData("tautulli", "HelmRelease/media/tautulli")]
    public void Pods_lead_to_the_events_of_what_applies_them(string app, string expected) => Assert.Equal(
        [expected],
        Run($"Get-HomelabPod -Namespace media -App {app} | Get-FluxEvent | Where-Object {{ $_.Target.Kind -in 'HelmRelease', 'Kustomization' }} | ForEach-Object {{ \"$($_.Target)\" }}").ThrowIfFailed().Strings.Distinct());

    [Fact]
    public void What_Flux_applies_leads_to_what_applies_it()
    {
        var result = Run("Get-HomelabObject Deployment/media/sonarr | Invoke-FluxReconcile -TimeoutSeconds 60").ThrowIfFailed().Output.Single();
        Assert.Equal("apps", result.Properties["Name"].Value);
    }

    [Theory]
    [InlineData("Get-FluxStatus none* | Invoke-FluxReconcile")]
    [InlineData("@() | Suspend-FluxResource")]
    [InlineData("@() | Resume-FluxResource")]
    [InlineData("@() | Restart-HomelabApp")]
    [InlineData("@() | Stop-HomelabApp -Reason x")]
    [InlineData("@() | Wait-HomelabRollout")]
    [InlineData("@() | Remove-HomelabApp")]
    [InlineData("@() | Set-HomelabAppReplica -Replicas 2")]
    [InlineData("@() | Start-HomelabPortForward")]
    public void An_empty_pipe_is_nothing_to_do(string script) => Assert.Empty(Run(script).ThrowIfFailed().Output);

    [Theory]
    [InlineData("Invoke-FluxReconcile", "NameRequired")]
    [InlineData("Suspend-FluxResource none", "FluxResourceNotFound")]
    [InlineData("Invoke-FluxReconcile flux-system", "NameAmbiguous")]
    [InlineData("Get-HomelabNode k3s-w1 | Invoke-FluxReconcile", "FluxOwnerNotFound")]
    [InlineData("Get-FluxEvent none", "FluxResourceNotFound")]
    [InlineData("Invoke-FluxReconcile apps -Kind Deployment", "FluxKindUnknown")]
    [InlineData("Suspend-FluxResource apps -Kind Deployment", "FluxKindUnknown")]
    [InlineData("Resume-FluxResource none", "FluxResourceNotFound")]
    [InlineData("Get-HomelabNode k3s-w1 | Resume-FluxResource", "FluxOwnerNotFound")]
    [InlineData("Get-HomelabPod -Namespace kube-system -App coredns | Invoke-FluxReconcile", "FluxOwnerNotFound")]
    [InlineData("Get-HomelabPod -Namespace kube-system -App coredns | Get-FluxEvent", "FluxOwnerNotFound")]
    [InlineData("Get-FluxEvent Deployment/media/sonarr", "FluxKindUnknown")]
    [InlineData("Invoke-FluxReconcile Deployment/media/sonarr", "FluxKindUnknown")]
    [InlineData("Get-FluxLog Deployment/media/sonarr", "FluxKindUnknown")]
    [InlineData("Get-FluxStatus Deployment/media/sonarr", "FluxKindUnknown")]
    [InlineData("Get-FluxKustomization gitrepo/flux-system", "FluxKindUnknown")]
    [InlineData("'Deployment/media/sonarr' | Suspend-FluxResource", "FluxKindUnknown")]
    [InlineData("'none' | Suspend-FluxResource", "FluxResourceNotFound")]
    [InlineData("'a/b/c/d' | Suspend-FluxResource", "NotAReference")]
    [InlineData("Suspend-FluxResource Kustomization/apps -Duration 0s", "SuspensionEndInvalid")]
    [InlineData("Suspend-FluxResource Kustomization/apps -Duration 9999999d", "SuspensionEndInvalid")]
    [InlineData("Get-FluxLog none", "FluxResourceNotFound")]
    [InlineData("Get-FluxLog -Namespace none", "NamespaceNotFound")]
    [InlineData("'none' | Get-FluxLog", "FluxResourceNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) =>
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);

    [Theory]
    [InlineData("Get-FluxStatus ks/apps", "Kustomization/flux-system/apps")]
    [InlineData("'ks/flux-system/apps', 'kustomizations/apps' | Get-FluxStatus", "Kustomization/flux-system/apps")]
    [InlineData("'apps' | Get-FluxStatus -Namespace flux-system -Kind ks", "Kustomization/flux-system/apps")]
    [InlineData("Get-FluxHelmRelease hr/media/tautulli", "HelmRelease/media/tautulli")]
    [InlineData("Get-FluxSource gitrepo/flux-system", "GitRepository/flux-system/flux-system")]
    [InlineData("'hr/tautulli' | Get-FluxTree | Where-Object Depth -EQ 0", "HelmRelease/media/tautulli")]
    [InlineData("'Kustomization/flux-system/apps' | Trace-FluxObject", "Kustomization/flux-system/apps")]
    [InlineData("'ks/apps' | Trace-FluxObject", "Kustomization/flux-system/apps")]
    [InlineData("'sonarr' | Trace-FluxObject -Kind deploy -Namespace media", "Deployment/media/sonarr")]
    [InlineData("'kustomization/apps' | Invoke-FluxReconcile -TimeoutSeconds 60", "Kustomization/flux-system/apps")]
    [InlineData("'apps' | Invoke-FluxReconcile -Kind ks -Namespace flux-system -TimeoutSeconds 60", "Kustomization/flux-system/apps")]
    [InlineData("Get-FluxLog ks/apps | Get-FluxStatus", "Kustomization/flux-system/apps")]
    public void Kinds_are_named_as_Flux_names_them_by_position_and_by_pipe(string script, string expected) =>
        Assert.Equal([expected], Run($"{script} | ForEach-Object {{ \"$($_.Reference)\" }}").ThrowIfFailed().Strings);

    [Fact]
    public void A_log_of_what_is_unknown_while_it_is_followed_is_a_warning_at_once() =>
        Assert.Contains("'none'", Assert.Single(Run("foreach ($once in 1) { Get-FluxLog none, apps -Follow | ForEach-Object { $_; break } }").ThrowIfFailed().Warnings), StringComparison.Ordinal);

    [Fact]
    public void Events_of_an_object_come_with_those_of_its_source()
    {
        var kinds = Run("Get-FluxEvent apps | ForEach-Object { $_.Target.Kind }").ThrowIfFailed().Strings.Distinct().ToList();
        Assert.Contains("Kustomization", kinds);
        Assert.Contains("GitRepository", kinds);
        Assert.All(Run("Get-FluxEvent | ForEach-Object { $_.Target.Kind }").ThrowIfFailed().Strings, kind => Assert.DoesNotContain(kind, new[] { "Pod", "Node" }));
    }

    [Fact]
    public void Logs_of_the_controllers_are_one_stream_in_the_order_of_time()
    {
        var times = Run("Get-FluxLog | ForEach-Object { $_.Time }").ThrowIfFailed().Output.Select(item => (DateTime)item.BaseObject).ToList();
        Assert.NotEmpty(times);
        Assert.Equal(times.Order(), times);
        Assert.Equal(["helm-controller", "kustomize-controller", "notification-controller", "source-controller"], Run("Get-FluxLog | ForEach-Object { $_.Controller }").ThrowIfFailed().Strings.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Changes_do_not_use_a_cluster_that_nobody_chose()
    {
        var result = Run("$null = Disconnect-Homelab; Invoke-FluxReconcile Kustomization/apps");
        Run("$null = Connect-Homelab -Sandbox").ThrowIfFailed();
        Assert.Equal("NoConnection", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    // What a cmdlet could change. The controllers write the status of a homelab that has just started for a while yet.
    private string Version(string name) => Run($"$m = (Get-HomelabObject Kustomization/flux-system/{name}).metadata; \"$($m.generation) $($m.annotations)\"").ThrowIfFailed().Strings.Single()!;

    private Testing.Engine.Result Run(string script)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script);
    }
}
