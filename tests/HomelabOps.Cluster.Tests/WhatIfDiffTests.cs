using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>With -WhatIf, each cmdlet that commits shows the unified diff of what it would do, and does nothing: not to the clone, the remote or the cluster.</summary>
[Collection(nameof(Alone))]
public sealed class WhatIfDiffTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Media = "clusters/homelab/apps/media";
    private const string State = "foreach ($kind in 'Deployment', 'PersistentVolumeClaim', 'Kustomization', 'GitRepository') { Get-HomelabObject $kind/* | ForEach-Object { \"$kind $($_.metadata.name) $($_.metadata.uid) $($_.metadata.generation) $($_.metadata.annotations.'reconcile.fluxcd.io/requestedAt')\" } }";

    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    private string Clone => sandbox.Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
    }

    [Theory]
    [InlineData("Set-HomelabAppImage sonarr -Tag 4.0.99", $"{Media}/sonarr/deployment.yaml", "@@ ", "-          image: ", ":4.0.99\n")]
    [InlineData("Set-HomelabAppReplica sonarr 2", $"{Media}/sonarr/deployment.yaml", "-  replicas: 1\n", "+  replicas: 2\n")]
    [InlineData("Set-HomelabAppResource sonarr -MemoryLimit 3Gi", $"{Media}/sonarr/deployment.yaml", "-              memory: ", "+              memory: 3Gi\n")]
    [InlineData("New-HomelabApp mylar media ghcr.io/home-operations/mylar:5.26.2", $"{Media}/mylar/deployment.yaml", "new file mode 100644\n", "+          image: ghcr.io/home-operations/mylar:5.26.2\n")]
    [InlineData("Remove-HomelabApp sonarr", $"{Media}/sonarr/deployment.yaml", "deleted file mode 100644\n", "-  name: sonarr\n", "Flux would then delete: ")]
    [InlineData("Restore-HomelabManifest radarr", $"{Media}/radarr/note.txt", "new file mode 100644\n", "+a note\n")]
    [InlineData("Undo-GitOpsChange HEAD", $"{Media}/radarr/note.txt", "new file mode 100644\n", "+a note\n")]
    public void The_diff_is_shown_and_nothing_changes(string script, string file, params string[] parts)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        Prepare();
        var before = Everything();
        var config = sandbox.Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single();
        var host = new WarningHost();
        using (var engine = new Engine(host: host))
        {
            Assert.Empty(engine.Run($"{script} -WhatIf -KubeConfig '{config}' -Repository '{Clone}'").ThrowIfFailed().Output);
        }

        var shown = string.Join('\n', host.Lines);
        Assert.Contains($"diff --git a/{file} b/{file}\n", shown, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, shown, StringComparison.Ordinal));
        Assert.Equal(before, Everything());
    }

    // Something that was deleted, which its application does not need; once for all tests of the class.
    private void Prepare()
    {
        var note = Path.Combine(Clone, Media, "radarr", "note.txt");
        if (Git("log", "--oneline", "--grep", "^Drop the note$").Length > 0)
        {
            return;
        }

        File.WriteAllText(note, "a note\n");
        Push("Add a note");
        File.Delete(note);
        Push("Drop the note");
        sandbox.Run("$null = Invoke-FluxReconcile Kustomization/* -WithSource -TimeoutSeconds 120").ThrowIfFailed();
    }

    private string Everything() => string.Join('\n', [Git("status", "--porcelain"), Git("for-each-ref"), Git("ls-remote", "origin"), .. sandbox.Run(State).ThrowIfFailed().Strings, .. Directory.EnumerateFiles(_state, "*", SearchOption.AllDirectories).Select(File.ReadAllText)]);

    private void Push(string message)
    {
        Git("add", "--all");
        Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--message", message);
        Git("push", "--quiet", "origin", "HEAD");
    }

    private string Git(params string[] arguments) => HomelabClone.Git(Clone, arguments);
}
