using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ctrl+C while a server has accepted the connection and says nothing: the worst that a network can do.</summary>
public sealed class StalledServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Scripts =
    [
        "Backup-HomelabApp sonarr",
        "Compare-FluxKustomization -Path .",
        "Compare-PodStorage",
        "Connect-Homelab",
        "Enter-HomelabPod sonarr",
        "Export-HomelabReport ./homelabops-never-written.html",
        "Get-FluxEvent -Watch",
        "Get-FluxEvent",
        "Get-FluxHelmRelease",
        "Get-FluxKustomization",
        "Get-FluxLog -Follow",
        "Get-FluxLog",
        "Get-FluxSource",
        "Get-FluxStatus -Watch",
        "Get-FluxStatus",
        "Get-FluxTree",
        "Get-HomelabApp",
        "Get-HomelabBackup -Kind Protect",
        "Get-HomelabEvent -Watch",
        "Get-HomelabEvent",
        "Get-HomelabLog -Follow",
        "Get-HomelabLog",
        "Get-HomelabNode",
        "Get-HomelabObject -Kind Pod",
        "Get-HomelabPod -Watch",
        "Get-HomelabPod",
        "Get-HomelabUsage -Pod *",
        "Get-HomelabUsage",
        "Get-HomelabVolume",
        "Get-PodStorage",
        "Get-SyncthingReplication -Watch",
        "Get-SyncthingReplication",
        "Get-VolSyncStatus",
        "Invoke-FluxReconcile Kustomization/apps",
        "Invoke-HomelabFailback sonarr",
        "Invoke-HomelabFailover sonarr",
        "Invoke-HomelabNode k3s-w1 date",
        "Invoke-HomelabPod sonarr date",
        "New-HomelabConfig -WhatIf -Path ./homelabops-never-written.yaml",
        "New-MetalLBWebhookCert",
        "Remove-HomelabPod sonarr -Confirm:$false",
        "Repair-Homelab -InputObject ([HomelabOps.HomelabFinding]@{Repair = [HomelabOps.HomelabRepairAction]@{Kind = 'ResumeFlux'; Target = [HomelabOps.ResourceReference]::new($null, 'Kustomization', 'flux-system', 'apps')}}) -Confirm:$false",
        "Repair-NfsMount k3s-w1",
        "Repair-NfsMount k3s-w1 -Image busybox -ProbeNamespace default",
        "Restart-HomelabApp sonarr",
        "Restart-SyncthingReplication -App sonarr",
        "Restore-HomelabApp sonarr -From sonarr.tar.gz",
        "Resume-FluxResource Kustomization/apps",
        "Resume-HomelabNode k3s-w1",
        "Resume-VolSyncReplication sonarr-primary",
        "Start-HomelabApp sonarr",
        "Start-HomelabPortForward sonarr",
        "Start-VolSyncReplication -App sonarr",
        "Start-VolSyncReplication -App sonarr -NoWait",
        "Stop-HomelabApp sonarr",
        "Suspend-FluxResource Kustomization/apps",
        "Suspend-HomelabNode k3s-w1 -Drain",
        "Suspend-VolSyncReplication sonarr-primary",
        "Test-Homelab",
        "Test-Homelab -Watch",
        "Test-HomelabApp sonarr",
        "Test-HomelabFailover sonarr",
        "Test-HomelabRecovery -Repository .",
        "Test-MetalLBWebhook",
        "Test-NfsMount",
        "Test-PvcBinding",
        "Test-PvcBinding -CheckPath -Image busybox -ProbeNamespace default",
        "Trace-FluxObject -Kind Pod",
        "Wait-Homelab",
        "Wait-HomelabRollout sonarr",
    ];

    // They ask the cluster what their change of the repository would do there.
    private static readonly string[] ChangesOfGit =
    [
        "New-HomelabApp radarr media a/radarr:1",
        "Remove-HomelabApp sonarr",
        "Restore-HomelabCluster -WhatIf",
        "Restore-HomelabManifest -Path apps/media/old.yaml",
        "Set-HomelabAppImage sonarr -Tag 2",
        "Set-HomelabAppReplica sonarr -Replicas 2",
        "Set-HomelabAppReplica *arr -Replicas 2",
        "Set-HomelabAppResource sonarr -MemoryLimit 1Gi",
        "Undo-GitOpsChange -Commit HEAD",
    ];

    // What they are about is written down on this machine; OperationStopTests stops them.
    private static readonly string[] OfOperations = ["Resume-HomelabOperation", "Undo-HomelabOperation"];

    // A check that is registered asks nobody; the one that is run is in ScheduledUseTests.
    private static readonly string[] OfChecks = ["Register-HomelabCheck", "Invoke-HomelabCheck"];

    // The cluster is another's business.
    private static readonly string[] Readers = ["Get-HomelabManifest", "Get-HomelabManifestHistory"];

    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var script in Scripts)
        {
            cases.Add(script, "http");
            cases.Add(script, "https");
        }

        return cases;
    }

    public static TheoryData<string> Changes() => [.. ChangesOfGit];

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ctrl_C_ends_a_command_whose_server_does_not_answer(string script, string scheme) => Stop(script, scheme);

    [Theory]
    [MemberData(nameof(Changes))]
    public void So_it_does_one_that_changes_the_repository_and_nothing_has_changed(string script)
    {
        var repository = HomelabClone.MakeRepository(_folder.Path);
        var tip = HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main");

        Stop($"{script.Replace("HEAD", tip[..40], StringComparison.Ordinal)} -Repository '{repository}'", "http");

        Assert.Equal(tip, HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main"));
        Assert.Equal("", HomelabClone.Git(repository, "status", "--porcelain"));
    }

    [Theory]
    [InlineData("remote.origin.url")]
    [InlineData("remote.origin.pushUrl")]
    public void So_it_does_one_whose_Git_server_does_not_answer(string address)
    {
        // Of the second one the fetch goes well, and the push is what waits.
        using var server = new LoopbackServer(answer: null);
        var repository = HomelabClone.MakeRepository(_folder.Path);
        var tip = HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main");
        HomelabClone.Git(repository, "config", address, $"http://127.0.0.1:{server.Port}/homelab.git");

        Stop(server, $"Set-HomelabAppImage sonarr -Tag 2 -NoWait -Repository '{repository}'");

        Assert.Equal(tip, HomelabClone.Git(repository, "rev-parse", "HEAD", "origin/main"));
        Assert.Equal("", HomelabClone.Git(repository, "status", "--porcelain"));

        // And nothing keeps the next one from its work.
        HomelabClone.Git(repository, "config", "remote.origin.url", Path.Combine(_folder.Path, "remote.git"));
        HomelabClone.Git(repository, "config", "remote.origin.pushUrl", Path.Combine(_folder.Path, "remote.git"));
        _engine.Run($"$null = Set-HomelabAppImage sonarr -Tag 2 -NoWait -Repository '{repository}'").ThrowIfFailed();
    }

    [Fact]
    public void Every_command_that_takes_a_kubeconfig_is_among_them()
    {
        var commands = _engine.Run("(Get-Command -Module HomelabOps -ParameterName KubeConfig).Name").ThrowIfFailed().Strings;

        Assert.Equal(
            commands.Order(StringComparer.Ordinal),
            Scripts.Concat(ChangesOfGit).Concat(OfOperations).Concat(OfChecks).Concat(Readers).Select(script => script.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    private void Stop(string script, string scheme)
    {
        using var server = new LoopbackServer(answer: null);
        var file = _folder.File("config", KubeConfigs.Of($"{scheme}://127.0.0.1:{server.Port}"));
        Stop(server, $"{script} -KubeConfig '{file}'");
    }

    private void Stop(LoopbackServer server, string script)
    {
        using var shell = _engine.Start(script);
        var running = shell.BeginInvoke();
        Assert.True(server.WaitForConnection(Patience), "nobody asked the server");
        Assert.False(running.IsCompleted);

        var clock = Stopwatch.StartNew();
        var stopped = shell.BeginStop(null, null);
        Assert.True(stopped.AsyncWaitHandle.WaitOne(Patience), "the command never ended");

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }
}
