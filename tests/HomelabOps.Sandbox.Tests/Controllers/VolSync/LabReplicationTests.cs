using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>Replications on a real API server with real kubelets: the simulated VolSync works there as its own client.</summary>
public sealed class LabReplicationTests : IDisposable
{
    private readonly ClusterClient _client = new(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
    private readonly LabNamespace _namespace = new();
    private readonly string _journal = Directory.CreateTempSubdirectory("homelabops-journal-").FullName;

    public void Dispose()
    {
        _namespace.Dispose();
        _client.Dispose();
        Directory.Delete(_journal, recursive: true);
    }

    [Fact]
    public async Task A_Syncthing_that_says_nothing_is_told_of_restarted_and_suspended()
    {
        await WithVolSyncAsync(["sleep", "3600"], """{"sourcePVC":"data","syncthing":{"serviceType":"ClusterIP","peers":[{"ID":"P56IOI7-MZJNU2Y-IQGDREY-DM2MGTI-MGL3BXN-PQ6W5BM-TBBZ4TJ-XZWICQ2","address":"tcp://192.0.2.1:22000","introducer":false}]}}""", async () =>
        {
            var target = await UntilAsync(async () => (await SyncthingTargets.FindAsync(_client, Syncthings, Cluster.Stop)).Targets.FirstOrDefault(target => target.Pod is { Ready: true }), "its pod is ready");

            // The proxy finds nobody listening, and neither does the port-forward.
            var record = Assert.Single(await SyncthingReader.AskAsync(_client, target, Cluster.Stop));
            Assert.Equal((SyncthingState.Unreachable, false, null), (record.State, record.Healthy, record.NeedBytes));

            var (restart, failure) = await SyncthingRestarter.RestartAsync(_client, target, TimeSpan.FromMinutes(2), new ChangeJournal(_journal), Cluster.Stop);
            Assert.Null(failure);
            Assert.Equal((1, 1, true), (restart.PodsDeleted.Count, restart.PodsReady.Count, restart.PodsDeleted[0] != restart.PodsReady[0]));

            var status = await StatusAsync();
            await ReplicationSuspender.SuspendAsync(_client, status, new() { Reason = "test" }, new ChangeJournal(_journal), Cluster.Stop);
            Assert.Equal(ReplicationState.Paused, (await StatusAsync()).State);
            await ReplicationSuspender.ResumeAsync(_client, await StatusAsync(), new ChangeJournal(_journal), Cluster.Stop);
            var item = await _client.FindObjectAsync(Types.ReplicationSource, _namespace.Name, "app", Cluster.Stop);
            Assert.Equal("tcp://192.0.2.1:22000", Text(Items(item, "spec.syncthing.peers").Single(), "address"));
            Assert.DoesNotContain("homelabops", item!["metadata"]!["annotations"]?.ToJsonString() ?? "", StringComparison.Ordinal);
        });
    }

    private SyncthingQuery Syncthings => new() { Objects = new() { Namespaces = [_namespace.Name] } };

    private async Task WithVolSyncAsync(string[] command, string spec, Func<Task> test)
    {
        var name = _namespace.Name;
        await using var host = new ControllerHost(_client, new SandboxClock());
        using var world = new ReplicationWorld(new SandboxClock(), host.Seed);
        var (server, _) = VolSyncControllers.AddTo(host, world, new() { Namespaces = new HashSet<string>(StringComparer.Ordinal) { name }, Image = "docker.io/library/busybox:1.36", Command = command });
        using var listening = server;
        string[] claims = ["data", "volsync-app-config"];
        try
        {
            foreach (var claim in claims)
            {
                await LabControllerTests.VolumeAsync(_client, $"{name}-{claim}", name, claim);
            }

            await host.StartAsync(Cluster.Stop);
            await LabControllerTests.AddAsync(_client, Types.PersistentVolumeClaim, $$$"""{"metadata":{"name":"data","namespace":"{{{name}}}"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"","resources":{"requests":{"storage":"1Gi"} } } }""");
            await LabControllerTests.AddAsync(_client, Types.ReplicationSource, $$$"""{"metadata":{"name":"app","namespace":"{{{name}}}"},"spec":{{{spec}}} }""");
            await test();
        }
        finally
        {
            foreach (var claim in claims)
            {
                await _client.DeleteAsync(Types.PersistentVolume, null, $"{name}-{claim}", new DeleteRequest(), CancellationToken.None);
            }
        }
    }

    private async Task<ReplicationStatus> StatusAsync()
    {
        await foreach (var item in ReplicationReader.ReadAsync(_client, new() { Objects = new() { Names = [new("app")], Namespaces = [_namespace.Name] } }, Cluster.Stop))
        {
            return item.Value ?? throw ((FailureNotice)item.Notice!).Error;
        }

        throw new InvalidOperationException("There is no replication.");
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> find, string what)
        where T : class
    {
        T? found = null;
        await Cluster.UntilAsync(async () => (found = await find()) is not null, what, TimeSpan.FromMinutes(2));
        return found!;
    }
}
