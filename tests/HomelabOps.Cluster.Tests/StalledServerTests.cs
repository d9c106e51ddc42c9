using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ctrl+C while a server has accepted the connection and says nothing: the worst that a network can do.</summary>
public sealed class StalledServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Scripts =
    [
        "Compare-FluxKustomization -Path .",
        "Connect-Homelab",
        "Get-FluxEvent",
        "Get-FluxEvent -Watch",
        "Get-FluxHelmRelease",
        "Get-FluxKustomization",
        "Get-FluxLog",
        "Get-FluxLog -Follow",
        "Get-FluxSource",
        "Get-FluxStatus",
        "Get-FluxStatus -Watch",
        "Get-FluxTree",
        "Get-HomelabApp",
        "Get-HomelabEvent",
        "Get-HomelabEvent -Watch",
        "Get-HomelabLog",
        "Get-HomelabLog -Follow",
        "Get-HomelabNode",
        "Get-HomelabObject -Kind Pod",
        "Get-HomelabPod",
        "Get-HomelabPod -Watch",
        "Get-HomelabUsage",
        "Get-HomelabUsage -Pod *",
        "Invoke-FluxReconcile Kustomization/apps",
        "New-HomelabConfig -WhatIf -Path ./homelabops-never-written.yaml",
        "Restart-HomelabApp sonarr",
        "Resume-FluxResource Kustomization/apps",
        "Start-HomelabApp sonarr",
        "Start-HomelabPortForward sonarr",
        "Stop-HomelabApp sonarr",
        "Suspend-FluxResource Kustomization/apps",
        "Test-HomelabApp sonarr",
        "Trace-FluxObject -Kind Pod",
        "Wait-HomelabRollout sonarr",
    ];

    // They ask the cluster what their change of the repository would do there.
    private static readonly string[] ChangesOfGit =
    [
        "New-HomelabApp radarr media a/radarr:1",
        "Remove-HomelabApp sonarr",
        "Restore-HomelabManifest -Path apps/media/old.yaml",
        "Set-HomelabAppImage sonarr -Tag 2",
        "Set-HomelabAppReplica sonarr -Replicas 2",
        "Set-HomelabAppResource sonarr -MemoryLimit 1Gi",
        "Undo-GitOpsChange -Commit HEAD",
    ];

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

    [Fact]
    public void Every_command_that_takes_a_kubeconfig_is_among_them()
    {
        var commands = _engine.Run("(Get-Command -Module HomelabOps -ParameterName KubeConfig).Name").ThrowIfFailed().Strings;

        Assert.Equal(
            commands.Order(StringComparer.Ordinal),
            Scripts.Concat(ChangesOfGit).Concat(Readers).Select(script => script.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    private void Stop(string script, string scheme)
    {
        using var server = new LoopbackServer(answer: null);
        var file = _folder.File("config", KubeConfigs.Of($"{scheme}://127.0.0.1:{server.Port}"));
        using var shell = _engine.Start($"{script} -KubeConfig '{file}'");
        var running = shell.BeginInvoke();
        Assert.True(server.WaitForConnection(Patience), "nobody asked the server");
        Assert.False(running.IsCompleted);

        var clock = Stopwatch.StartNew();
        var stopped = shell.BeginStop(null, null);
        Assert.True(stopped.AsyncWaitHandle.WaitOne(Patience), "the command never ended");

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"{clock.Elapsed}");
    }
}
