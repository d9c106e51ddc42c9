using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>Backups and restores of the embedded homelab that are stopped in the middle, or refused.</summary>
[Collection(nameof(Alone))]
public sealed class BackupInterruptTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private const string IsSuspended = "\"$((Get-HomelabObject HelmRelease/media/tautulli).spec.suspend -eq $true)\"";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ctrl_C_starts_what_was_stopped_and_says_so()
    {
        var warnings = StopWhenStopped("sonarr", "Backup-HomelabApp sonarr -Path $folder");
        Assert.True(Until(() => warnings().Any(text => text.Contains("was started again", StringComparison.Ordinal))), "nothing was told");

        // It may have been whole already. Anything less leaves nothing.
        Assert.Equal(Directory.GetFiles(_folder.Path, "*.gz").Select(archive => archive + ".sha256").Concat(Directory.GetFiles(_folder.Path, "*.gz")).Order(), Directory.GetFiles(_folder.Path).Order());
    }

    [Fact]
    public void Ctrl_C_leaves_the_old_or_the_new_data_and_says_which()
    {
        Run("$null = Backup-HomelabApp radarr -Path $folder").ThrowIfFailed();
        var path = Directory.GetFiles(_folder.Path, "*.gz").Single();
        var warnings = StopWhenStopped("radarr", $"Restore-HomelabApp radarr -From '{path}'");
        Assert.True(Until(() => warnings().Any(text => text.Contains("has the data", StringComparison.Ordinal))), "nothing was told");
        Assert.Equal(["radarr.db"], Run("(Invoke-HomelabNode k3s-w1 'ls /host/data/pods/radarr | grep db$').Output").ThrowIfFailed().Strings);
        Assert.Equal([""], Run("(Invoke-HomelabNode k3s-w1 'ls -a /host/data/pods | grep restoring').Output").Strings);
        var told = string.Join(' ', warnings());
        var asides = Run("(Get-HomelabBackup radarr -Kind Protect -ErrorAction Ignore).Path").Strings;
        Assert.True(asides.Any(aside => !string.IsNullOrEmpty(aside)) == told.Contains("/data/pods/.radarr", StringComparison.Ordinal), $"{string.Join(", ", asides)}: {told}");
        Assert.Equal(Run("(Get-VolSyncStatus radarr-primary).State -eq 'Paused'").ThrowIfFailed().Strings, [$"{told.Contains("stay suspended", StringComparison.Ordinal)}"]);
    }

    [Fact]
    public void A_release_is_resumed_when_its_application_could_not_be_stopped()
    {
        using var proxy = new RefusingProxy(Server, (method, path) => method == "PATCH" && path.Contains("/deployments/tautulli", StringComparison.Ordinal));
        Assert.Equal(["AccessDenied"], Refused(proxy, "Stop-HomelabApp media/tautulli"));
        Assert.Equal(["False"], Run(IsSuspended).ThrowIfFailed().Strings);
        Assert.Equal(["AccessDenied"], Refused(proxy, "Backup-HomelabApp media/tautulli -Path $folder"));
        Assert.Equal(["False"], Run(IsSuspended).ThrowIfFailed().Strings);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "*.gz"));
    }

    [Fact]
    public void A_release_that_cannot_be_resumed_is_told()
    {
        var isRefused = false;
        using var proxy = new RefusingProxy(Server, (method, path) =>
        {
            var patches = method == "PATCH" && path.Contains("/deployments/tautulli", StringComparison.Ordinal);
            isRefused |= patches;
            return patches || (isRefused && method == "PATCH");
        });
        Assert.Equal(["ReleaseLeftSuspended"], Refused(proxy, "Stop-HomelabApp media/tautulli"));
        Assert.Equal(["True"], Run(IsSuspended).ThrowIfFailed().Strings);
        Run("$null = Resume-FluxResource HelmRelease/media/tautulli").ThrowIfFailed();
    }

    // With the secret in its path, which the connection does not show.
    private string Server => File.ReadLines(Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!).Single(line => line.Contains("server: ", StringComparison.Ordinal)).Split(": ")[1].Trim('"', ' ');

    private static bool Until(Func<bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(1))
            {
                return false;
            }

            Thread.Sleep(20);
        }

        return true;
    }

    // Stops a command as soon as the application is stopped, and waits until it runs again.
    private Func<IEnumerable<string>> StopWhenStopped(string app, string script)
    {
        var host = new WarningHost();
        using var other = new Testing.Engine(host: host);
        other.Run("$null = Connect-Homelab $path", ("path", Run("(Get-HomelabConnection).KubeConfigPath").Strings.Single())).ThrowIfFailed();
        other.Runspace.SessionStateProxy.SetVariable("folder", _folder.Path);
        using var shell = other.Start(script);
        using var isStopped = new ManualResetEventSlim();
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            // It has been told to stop, and is waited for.
            if (shell.Streams.Progress[added.Index].Activity.StartsWith("Waiting for Deployment", StringComparison.Ordinal))
            {
                isStopped.Set();
            }
        };
        shell.BeginInvoke();
        Assert.True(isStopped.Wait(TimeSpan.FromMinutes(1)), "it was not stopped");
        shell.Stop();
        Assert.True(Until(() => Run($"Get-HomelabApp {app} | ForEach-Object {{ \"$($_.Ready) $($_.Stopped)\" }}").Strings.Single() == "True False"), "it was not started again");
        Assert.True(Until(() => Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").Output.Count == 0), "a pod was left");
        return () => host.Warnings;
    }

    private IReadOnlyList<string> Refused(RefusingProxy proxy, string script)
    {
        var file = _folder.File("config", KubeConfigs.Of(proxy.Address));
        return [.. Run($"{script} -KubeConfig '{file}'").ErrorIds];
    }

    private Testing.Engine.Result Run(string script) => sandbox.Run(script, ("folder", _folder.Path));
}
