using System.Diagnostics;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Recovery.Restoring;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Streaming;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>A k3s without Flux, and the repository that it is to be brought back from.</summary>
internal sealed class FreshHomelab : IAsyncDisposable
{
    public const string SyncFile = "clusters/homelab/flux-system/gotk-sync.yaml";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-recovery-").FullName;

    private FreshHomelab(EmbeddedHomelab homelab) => (Homelab, Client) = (homelab, new(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.KubeConfigPath]), null)));

    public EmbeddedHomelab Homelab { get; }

    public ClusterClient Client { get; }

    public RestoreOptions Options => new()
    {
        Client = Client,
        Config = new(),
        Repository = RepositoryLocation.OfFolder(Homelab.RepositoryPath),
        Journal = new ChangeJournal(Path.Combine(_folder, "journal")),
        Login = new(new("git", "a token"), null),
        Timeout = TimeSpan.FromMinutes(4),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts it. What Flux reads is a folder of this machine, and no host of the home network.</summary>
    /// <param name="urlOf">The address that Flux is told; null for that folder's.</param>
    /// <param name="remoteOf">Where the repository of an address is; null for where it says.</param>
    public static async Task<FreshHomelab> StartAsync(Func<EmbeddedHomelab, string>? urlOf = null, Func<string, string>? remoteOf = null)
    {
        var fresh = new FreshHomelab(await EmbeddedHomelab.StartFreshAsync(new SandboxOption { Apps = 3 }, Stop, remoteOf));
        var url = urlOf is null ? fresh.Homelab.Repository.Url.AbsoluteUri : urlOf(fresh.Homelab);
        var file = Path.Combine(fresh.Homelab.RepositoryPath, SyncFile);
        var lines = await File.ReadAllLinesAsync(file, Stop);
        fresh.Commit(SyncFile, string.Join('\n', lines.Select(line => line.TrimStart().StartsWith("url:", StringComparison.Ordinal) ? $"  url: {url}" : line)) + "\n");
        return fresh;
    }

    /// <summary>Commits and pushes a file; null deletes it.</summary>
    public void Commit(string path, string? text)
    {
        var file = Path.Combine(Homelab.RepositoryPath, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (text is null)
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllText(file, text);
        }

        Git("add", "--all");
        Git("commit", "--quiet", "-m", $"Change {path}");
        Git("push", "--quiet", "origin", "HEAD:main");
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Homelab.RepositoryPath, path));

    /// <summary>All that was written down of changes.</summary>
    public string Journal => string.Concat(Directory.EnumerateFiles(Path.Combine(_folder, "journal"), "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    public async Task<(RecoveryResult Result, IReadOnlyList<Notice> Notices)> RestoreAsync(RestoreOptions options, KnownHosts? hosts = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var passing = PassAsync(stop.Token);
        try
        {
            var (result, notices) = (default(RecoveryResult), new List<Notice>());
            await foreach (var item in new ClusterRestorer(options, await RestorePlan.MakeAsync(options, Stop)) { Hosts = hosts ?? new([Path.Combine(_folder, "nobody")]) }.RunAsync(Stop))
            {
                result = item.Value ?? result;
                notices.AddRange(item.Notice is { } notice ? [notice] : []);
            }

            return (result!, notices);
        }
        finally
        {
            await stop.CancelAsync();
            await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Homelab.DisposeAsync();
        Scratch.Delete(_folder);
    }

    private void Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", Homelab.RepositoryPath, "-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments]) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(400, cancellationToken);
            Homelab.Clock.Advance(TimeSpan.FromSeconds(2));
        }
    }
}
