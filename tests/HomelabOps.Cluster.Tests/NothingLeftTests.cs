using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What is made for a while on the embedded homelab is gone afterwards, however a command ends: pods, copies of Secrets, port-forwards, sockets.</summary>
[Collection(nameof(Alone))]
public sealed class NothingLeftTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Probes = "Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe | ForEach-Object Name";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _isMet = new();
    private readonly ManualResetEventSlim _release = new();

    public void Dispose()
    {
        _release.Set();
        _release.Dispose();
        _isMet.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var script in new[]
        {
            "Backup-HomelabApp overseerr -Path $folder",
            "Compare-PodStorage sonarr",
            "Get-PodStorage sonarr",
            "Get-SyncthingReplication -App sonarr",
            "Invoke-HomelabNode k3s-w1 date",
            "Restore-HomelabApp radarr -From $archive",
            "Test-HomelabApp sonarr",
            "Test-NfsMount k3s-w1",
            "Test-PvcBinding -CheckPath",
        })
        {
            cases.Add(script, "success");
            cases.Add(script, "failure");
            cases.Add(script, "Ctrl+C");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_is_left(string script, string end)
    {
        if (script.Contains("$archive", StringComparison.Ordinal))
        {
            sandbox.Run("$null = Backup-HomelabApp radarr -Path $folder", ("folder", _folder.Path)).ThrowIfFailed();
        }

        var server = new Uri(sandbox.Run("(Get-HomelabConnection).Server").ThrowIfFailed().Strings.Single()!);
        using var proxy = new CuttingProxy(server, line => Judge(line, end));
        var own = File.ReadAllText(sandbox.Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!);
        var file = _folder.File("config", own.Replace(server.GetLeftPart(UriPartial.Authority), proxy.Address, StringComparison.Ordinal));
        using var engine = new Engine();
        engine.Runspace.SessionStateProxy.SetVariable("folder", _folder.Path);
        engine.Runspace.SessionStateProxy.SetVariable("archive", Directory.GetFiles(_folder.Path, "*.gz").SingleOrDefault());
        var (secrets, listening) = (Copies(), Sockets.Listening());

        using var shell = engine.Start($"{script} -KubeConfig '{file}'");
        var running = shell.BeginInvoke();
        if (end == "Ctrl+C")
        {
            Assert.True(_isMet.Wait(Patience), "it never got there");
            Assert.False(running.IsCompleted);
            Assert.True(shell.BeginStop(null, null).AsyncWaitHandle.WaitOne(Patience), "it did not stop");
        }
        else
        {
            Assert.True(running.AsyncWaitHandle.WaitOne(Patience), "it did not end");
            Assert.Equal(end == "failure", _isMet.IsSet);
            Assert.True(end == "failure" || (shell.InvocationStateInfo.State == PSInvocationState.Completed && shell.Streams.Error.Count == 0), $"{shell.InvocationStateInfo.Reason} {string.Join('\n', shell.Streams.Error)}");
        }

        _release.Set();
        Until(() => sandbox.Run(Probes).ThrowIfFailed().Strings.ToArray(), []);
        Until(() => [.. proxy.Open.Where(line => line.Contains("/portforward", StringComparison.Ordinal) || line.Contains("/exec", StringComparison.Ordinal))], []);
        Until(() => [.. Copies()], secrets);
        Until(() => [.. Sockets.Listening()], listening);
        Assert.Empty(engine.Run("Get-HomelabPortForward").ThrowIfFailed().Output);
        Until(() => [.. sandbox.Run("Get-HomelabApp overseerr, radarr | ForEach-Object { \"$($_.Ready) $($_.Stopped)\" }").ThrowIfFailed().Strings], ["True False", "True False"]);
    }

    // Where a command gets at what it has made: the words or the commands of its pod, the API of a Syncthing, a port.
    private CuttingProxy.Cut Judge(string line, string end)
    {
        var isProbe = line.Contains("/pods/homelabops-probe", StringComparison.Ordinal) && (line.Contains("/log", StringComparison.Ordinal) || line.Contains("/exec", StringComparison.Ordinal));
        var isProxy = line.Contains("/proxy/", StringComparison.Ordinal);
        if (!isProbe && !isProxy && !line.Contains("/portforward", StringComparison.Ordinal))
        {
            return CuttingProxy.Cut.None;
        }

        if (end == "success")
        {
            // So that it takes a port-forward.
            return isProxy ? CuttingProxy.Cut.Refused : CuttingProxy.Cut.None;
        }

        _isMet.Set();
        if (end == "failure")
        {
            return CuttingProxy.Cut.Refused;
        }

        _release.Wait();
        return CuttingProxy.Cut.Before;
    }

    private IReadOnlyList<string?> Copies() => [.. sandbox.Run("'Secret', 'ConfigMap' | ForEach-Object { Get-HomelabObject -Kind $_ } | ForEach-Object { \"$($_.kind)/$($_.metadata.namespace)/$($_.metadata.name)\" }").ThrowIfFailed().Strings.Order(StringComparer.Ordinal)];

    private static void Until(Func<string?[]> read, IReadOnlyList<string?> wanted)
    {
        string?[] last = [];
        SpinWait.SpinUntil(() => (last = read()).SequenceEqual(wanted), Patience);
        Assert.Equal(wanted, last);
    }
}
