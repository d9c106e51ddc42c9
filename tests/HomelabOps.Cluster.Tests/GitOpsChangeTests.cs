using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The history of manifests, restoring and taking back, on the embedded homelab with its real Git repository and Flux.</summary>
[Collection(nameof(Alone))]
public sealed class GitOpsChangeTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Sonarr = "clusters/homelab/apps/media/sonarr";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    private string Tip => Git("ls-remote", "origin", "refs/heads/main")[..40];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public void A_deleted_application_comes_back_and_runs()
    {
        Git("pull", "--quiet");
        var entry = Path.Combine(Clone, "clusters/homelab/apps/media/kustomization.yaml");
        var text = File.ReadAllText(entry);
        Directory.Delete(Path.Combine(Clone, Sonarr), recursive: true);
        File.WriteAllText(entry, string.Join('\n', text.Split('\n').Where(line => line.Trim() != "- sonarr")));
        Push("Drop sonarr");
        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal("DeploymentNotFound", Assert.Single(Run("Get-HomelabObject Deployment/media/sonarr").Errors).FullyQualifiedErrorId.Split(',')[0]);

        var before = Tip;
        Run("Restore-HomelabManifest sonarr -WhatIf").ThrowIfFailed();
        Assert.Equal(before, Tip);

        var restored = Run("Restore-HomelabManifest sonarr -Force -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal(("sonarr", Tip, true, "Restore sonarr"), (Text(restored, "App"), Text(restored, "Commit"), (bool)restored.Properties["RolledOut"].Value, Text(restored, "Subject")));
        Assert.Equal("", Git("status", "--porcelain"));
        Assert.True(Directory.Exists(Path.Combine(Clone, Sonarr)));
        Assert.Single(Run("Get-HomelabObject Deployment/media/sonarr").ThrowIfFailed().Output);

        // The whole is the same again, but for the comment and place of the entry.
        Assert.Equal(text.Split('\n').Order(StringComparer.Ordinal), File.ReadAllText(entry).Split('\n').Order(StringComparer.Ordinal));
        Assert.Empty(Run("Get-HomelabObject PersistentVolume/* | Where-Object { $_.status.phase -eq 'Released' } | ForEach-Object { \"$($_.metadata.name) $($_.spec.claimRef.namespace) $($_.spec.claimRef.name)\" }").ThrowIfFailed().Strings);
        Assert.Equal("ManifestNotDeleted", Id("Restore-HomelabManifest sonarr"));
    }

    [Fact]
    public void Volumes_that_an_ended_restoration_left_are_seen_to_by_the_next_one()
    {
        const string app = "clusters/homelab/apps/media/radarr";
        const string released = "Get-HomelabObject PersistentVolume/* | Where-Object { $_.status.phase -eq 'Released' -and $_.spec.claimRef.name -like '*radarr*' } | ForEach-Object { $_.metadata.name }";
        Git("pull", "--quiet");
        var entry = Path.Combine(Clone, "clusters/homelab/apps/media/kustomization.yaml");
        Directory.Delete(Path.Combine(Clone, app), recursive: true);
        File.WriteAllText(entry, string.Join('\n', File.ReadAllText(entry).Split('\n').Where(line => !line.Trim().StartsWith("- radarr", StringComparison.Ordinal))));
        Push("Drop radarr");
        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 120").ThrowIfFailed();
        Assert.True(SpinWait.SpinUntil(() => Run(released).ThrowIfFailed().Strings.Any(), TimeSpan.FromMinutes(3)));

        // All that such a one had come to: the manifests are in the remote.
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "revert", "--no-edit", "HEAD");
        Git("push", "--quiet", "origin", "HEAD");
        var tip = Tip;
        Run("Restore-HomelabManifest radarr -WhatIf").ThrowIfFailed();
        Assert.NotEmpty(Run(released).ThrowIfFailed().Strings);

        // Nobody sits before this host, so nobody has agreed.
        var unasked = Run("Restore-HomelabManifest radarr").ThrowIfFailed();
        Assert.Empty(unasked.Output);
        Assert.Contains(unasked.Warnings, warning => warning.StartsWith("Nobody can be asked here", StringComparison.Ordinal));
        Assert.NotEmpty(Run(released).ThrowIfFailed().Strings);

        // With -Confirm:$false somebody has, as with -Force.
        var done = Run("Restore-HomelabManifest radarr -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal((tip, true, false, 0), (Text(done, "Commit"), (bool)done.Properties["RolledOut"].Value, (bool)done.Properties["Pushed"].Value, ((IReadOnlyList<string>)done.Properties["Files"].Value).Count));
        Assert.Empty(Run(released).ThrowIfFailed().Strings);
        Assert.Equal((tip, "ManifestNotDeleted"), (Tip, Id("Restore-HomelabManifest radarr")));
    }

    [Fact]
    public void A_restoration_that_was_interrupted_is_finished_before_anything_older_comes_back()
    {
        var clone = Clone;
        HomelabClone.Git(clone, "pull", "--quiet");
        var folder = Path.Combine(clone, "clusters/homelab/apps/media/radarr");
        var (entry, old, greeting) = (Path.Combine(folder, "kustomization.yaml"), Path.Combine(folder, "old.txt"), Path.Combine(folder, "greeting.yaml"));
        var text = File.ReadAllText(entry);
        File.WriteAllText(old, "old\n");
        Push("Add a note");
        File.Delete(old);
        Push("Drop the note");
        File.WriteAllText(greeting, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: radarr-greeting\n  namespace: media\ndata:\n  text: hello\n");
        File.WriteAllText(entry, text.Replace("resources:\n", "resources:\n  - greeting.yaml\n", StringComparison.Ordinal));
        Push("Greet");
        File.Delete(greeting);
        File.WriteAllText(entry, text);
        var before = Push("Drop the greeting");

        using var waits = new ManualResetEventSlim();
        using var stopping = new ManualResetEventSlim();
        using var shell = sandbox.Engine.Start("Restore-HomelabManifest radarr -Force -TimeoutSeconds 120");
        shell.Streams.Progress.DataAdded += (_, _) =>
        {
            if (!waits.IsSet && HomelabClone.Git(clone, "ls-remote", "origin", "refs/heads/main")[..40] != before)
            {
                waits.Set();
                stopping.Wait(TimeSpan.FromMinutes(1));
            }
        };
        shell.BeginInvoke();
        Assert.True(waits.Wait(TimeSpan.FromMinutes(2)), "Flux was never waited for");
        var stop = shell.BeginStop(null, null);
        stopping.Set();
        Assert.True(stop.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(60)), "the command never ended");
        var tip = Tip;

        Assert.Empty(Run("Restore-HomelabManifest radarr -WhatIf").ThrowIfFailed().Output);

        // Nor is one finished that Flux does not take up.
        Run("Suspend-FluxResource Kustomization/flux-system/apps").ThrowIfFailed();
        var open = Run("Restore-HomelabManifest radarr -Force -TimeoutSeconds 120");
        Assert.Equal(("FluxSuspended", tip, false), (string.Join(" ", open.ErrorIds), Tip, (bool)open.Output.Single().Properties["RolledOut"].Value));
        Run("Resume-FluxResource Kustomization/flux-system/apps -NoWait").ThrowIfFailed();
        // With -Confirm:$false somebody has, as with -Force.
        var done = Run("Restore-HomelabManifest radarr -Confirm:$false -TimeoutSeconds 120").ThrowIfFailed().Output.Single();
        Assert.Equal((tip, true, false), (Text(done, "Commit"), (bool)done.Properties["RolledOut"].Value, (bool)done.Properties["Pushed"].Value));
        Assert.Equal((tip, false), (Tip, File.Exists(old)));
        Assert.Single(Run("Get-HomelabObject ConfigMap/media/radarr-greeting").ThrowIfFailed().Output);

        Run("Restore-HomelabManifest radarr -NoWait").ThrowIfFailed();
        Assert.True(File.Exists(old));
    }

    [Fact]
    public void A_change_is_taken_back_and_what_would_be_pruned_is_told()
    {
        Git("pull", "--quiet");
        var folder = Path.Combine(Clone, "clusters/homelab/apps/media");
        File.WriteAllText(Path.Combine(folder, "greeting.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: greeting\n  namespace: media\ndata:\n  text: hello\n");
        var entry = Path.Combine(folder, "kustomization.yaml");
        File.WriteAllText(entry, File.ReadAllText(entry).Replace("resources:\n", "resources:\n  - greeting.yaml\n", StringComparison.Ordinal));
        var commit = Push("Greet");
        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 120").ThrowIfFailed();

        var shown = Run($"Undo-GitOpsChange {commit} -Confirm:$false -WhatIf");
        shown.ThrowIfFailed();
        Assert.Equal(commit, Tip);
        Assert.Empty(shown.Output);
        var undone = Run("Get-HomelabManifestHistory -Path */greeting.yaml | Select-Object -First 1 | Undo-GitOpsChange -TimeoutSeconds 120");
        if (undone.Errors.Count > 0)
        {
            // The bare engine has no Select-Object.
            undone = Run("foreach ($once in 1) { Get-HomelabManifestHistory -Path */greeting.yaml | ForEach-Object { $_ | Undo-GitOpsChange -TimeoutSeconds 120; break } }");
        }

        var change = undone.ThrowIfFailed().Output.Single();
        Assert.Equal((Tip, true, "Revert \"Greet\""), (Text(change, "Commit"), (bool)change.Properties["RolledOut"].Value, Text(change, "Subject")));
        Assert.Equal("ConfigMapNotFound", Id("Get-HomelabObject ConfigMap/media/greeting"));
        Assert.False(File.Exists(Path.Combine(folder, "greeting.yaml")));

        // Versions of a file lead back to it.
        Assert.Empty(Run("Get-HomelabManifestHistory -Path */greeting.yaml | Restore-HomelabManifest -WhatIf").ThrowIfFailed().Output);
        Assert.Contains("Deleted", Run("Get-HomelabManifestHistory -Path */greeting.yaml | Get-HomelabManifestHistory | ForEach-Object Change").ThrowIfFailed().Strings);

        // The last change of the module is this one, and it is itself a taking back.
        Assert.Equal("GitOpsChangeNotFound", Id("Undo-GitOpsChange -Last"));
    }

    [Fact]
    public void The_history_begins_with_the_newest_and_ends_early_when_nobody_wants_more()
    {
        var versions = Run("Get-HomelabManifestHistory sonarr | ForEach-Object { \"$($_.Change) $($_.File)\" }").ThrowIfFailed().Strings;
        Assert.Contains($"Added {Sonarr}/deployment.yaml", versions);
        Assert.Single(Run("foreach ($once in 1) { Get-HomelabManifestHistory | ForEach-Object { $_; break } }").ThrowIfFailed().Output);
        Assert.NotEmpty(Run($"Get-HomelabManifestHistory -Path {Sonarr}/ -Repository $remote", ("remote", $"file://{Git("remote", "get-url", "origin")}")).ThrowIfFailed().Output);
        const string values = "Get-HomelabManifest sonarr -Repository $place | ForEach-Object { \"$($_.Field) $($_.Value) $($_.Place)\" }";
        Git("pull", "--quiet");
        Assert.Equal(Run(values, ("place", Clone)).ThrowIfFailed().Strings, Run(values, ("place", $"file://{Git("remote", "get-url", "origin")}")).ThrowIfFailed().Strings);
        Assert.NotEmpty(Run("Get-HomelabManifestHistory -Path $path", ("path", Path.Combine(Clone, Sonarr))).ThrowIfFailed().Output);
    }

    [Theory]
    [InlineData("Restore-HomelabManifest", "NameRequired")]
    [InlineData("Restore-HomelabManifest none", "ManifestNotDeleted")]
    [InlineData("Restore-HomelabManifest -Path /etc/passwd", "PathOutsideRepository")]
    [InlineData("Undo-GitOpsChange 0123456789", "CommitNotFound")]
    [InlineData("5 | Undo-GitOpsChange", "CommitNotFound")]
    [InlineData("Undo-GitOpsChange HEAD -Repository ./none", "PathNotFound")]
    [InlineData("Undo-GitOpsChange HEAD -Repository /", "RepositoryNotFound")]
    [InlineData("Get-HomelabManifestHistory -Repository http://127.0.0.1:9/none.git", "GitRemoteUnreachable")]
    [InlineData("Get-HomelabManifest -Repository http://127.0.0.1:9/none.git", "GitRemoteUnreachable")]
    public void What_cannot_be_done_is_an_error(string script, string id) => Assert.Equal(id, Id(script));

    private static string Text(System.Management.Automation.PSObject item, string property) => (string)item.Properties[property].Value;

    private string Id(string script) => Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0];

    private string Push(string message)
    {
        Git("add", "--all");
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--message", message);
        Git("push", "--quiet", "origin", "HEAD");
        return Git("rev-parse", "HEAD");
    }

    private string Git(params string[] arguments) => HomelabClone.Git(Clone, arguments);

    private Engine.Result Run(string script, params (string Name, object? Value)[] variables)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        return sandbox.Run(script, variables);
    }
}
