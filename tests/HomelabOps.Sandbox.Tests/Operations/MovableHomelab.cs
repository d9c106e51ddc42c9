using System.Diagnostics;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Tests.Faults;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>A homelab whose applications can be moved, and what they are moved with.</summary>
public class MovableHomelab : FaultyHomelab
{
    private ClusterClient? _client;
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-operations-").FullName;

    protected override int Apps => 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal HomelabConfig Config { get; } = new() { Mounts = [new() { Path = "/data/media", Source = "192.168.1.10:/mnt/user/media", Version = "4.2", Nodes = ["k3s-w1", "k3s-w2"] }] };

    // Over the network, since commands in pods need connections that can be upgraded.
    internal ClusterClient Client => _client ??= new(ClusterEndpoint.Resolve(KubeConfig.Load([Homelab.KubeConfigPath]), null));

    internal OperationStore Store => new(Path.Combine(_folder, "operations"));

    internal FailoverOptions Options => new()
    {
        Client = Client,
        Config = Config,
        Repository = RepositoryLocation.OfFolder(Homelab.RepositoryPath),
        Journal = new ChangeJournal(Path.Combine(_folder, "journal")),
        Probe = new() { Timeout = TimeSpan.FromSeconds(30) },
        Timeout = TimeSpan.FromMinutes(2),
    };

    protected override void CleanUp()
    {
        _client?.Dispose();
        Scratch.Delete(_folder);
    }

    internal async Task<HomelabApp> AppAsync(string name)
    {
        var found = await AppTargets.FindAsync(Client, [new ResourcePattern(name)], new AppQuery { Config = Config }, Stop);
        return Assert.Single(found.Targets);
    }

    /// <summary>Moves an application; time passes meanwhile, as it does for controllers.</summary>
    internal async Task<(FailoverResult? Result, IReadOnlyList<HomelabException> Failures)> MoveAsync(string app, FailoverRequest request, Action<OperationStepRecord>? reached = null)
    {
        var (plans, done, notices) = await FailoverPlan.MakeAsync(Options, Store, [await AppAsync(app)], request, Stop);
        var failures = notices.OfType<FailureNotice>().Select(notice => notice.Error).ToList();
        return plans is [var plan] ? await RunAsync(plan.Record, reached) : (done.SingleOrDefault(), failures);
    }

    internal Task<(FailoverResult? Result, IReadOnlyList<HomelabException> Failures)> RunAsync(OperationRecord record, Action<OperationStepRecord>? reached = null) => DuringAsync(async () =>
    {
        var (result, failures) = (default(FailoverResult), new List<HomelabException>());
        await foreach (var item in new OperationRunner(Options, Store) { Reached = reached ?? (_ => { }) }.RunAsync(record, Stop))
        {
            result = item.Value ?? result;
            if (item.Notice is FailureNotice failure)
            {
                failures.Add(failure.Error);
            }
        }

        return (result, (IReadOnlyList<HomelabException>)failures);
    });

    /// <summary>Lets time pass while something is done.</summary>
    internal async Task<T> DuringAsync<T>(Func<Task<T>> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var passing = PassAsync(stop.Token);
        try
        {
            return await work();
        }
        finally
        {
            await stop.CancelAsync();
            await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs git in the clone of the homelab.</summary>
    internal string Git(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", Homelab.RepositoryPath, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException(errors.GetAwaiter().GetResult());
    }

    /// <summary>Waits until all is well and every copy is complete.</summary>
    internal async Task UntilInSyncAsync()
    {
        await UntilWellAsync();
        await UntilCopiedAsync();
    }

    /// <summary>Waits until every copy is complete, whatever else there is.</summary>
    internal Task UntilCopiedAsync() => UntilAsync(
        async () =>
        {
            var (syncthings, transfers) = (new List<SyncthingStatus>(), new List<ReplicationStatus>());
            await foreach (var item in SyncthingReader.ReadAsync(Client, new() { Config = Config }, Stop))
            {
                syncthings.Add(item.Value ?? new());
            }

            await foreach (var item in ReplicationReader.ReadAsync(Client, new() { Config = Config }, Stop))
            {
                transfers.Add(item.Value ?? new());
            }

            return syncthings.TrueForAll(item => item.InSync) && transfers.TrueForAll(item => item.Method == "syncthing" || item.LastSync is not null);
        },
        "all copies are complete",
        TimeSpan.FromSeconds(20));

    /// <summary>Takes the power of a node, and waits until that shows.</summary>
    internal async Task CutPowerAsync(string node)
    {
        Homelab.Nodes.Node(node).IsPowered = false;
        await UntilAsync(() => Task.FromResult(All(ResourceType.Node).Any(item => Cells.Text(item, "metadata.name") == node && Cells.Text(Condition(item, "Ready"), "status") == "Unknown")), $"{node} is not ready", TimeSpan.FromSeconds(20));
    }

    private async Task PassAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(400, stop);
            Homelab.Clock.Advance(TimeSpan.FromSeconds(2));
        }
    }
}
