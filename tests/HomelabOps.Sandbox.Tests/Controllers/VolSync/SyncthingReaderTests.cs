using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>What is told of replications while they are broken.</summary>
public sealed class SyncthingReaderTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Fact]
    public Task A_peer_at_an_address_of_the_past_is_drift_with_the_right_one() => ProveAsync("SyncPeerDrift", "sonarr-primary", records =>
        records.Single(record => record.Name == "sonarr-primary") is { PeerDrift: true, Healthy: false, ConfiguredPeer.Address: "tcp://10.97.255.9:22000", ExpectedPeer: { } expected } drifted
        && expected.Address != "tcp://10.97.255.9:22000" && drifted.Message.Contains(expected.Address, StringComparison.Ordinal) && drifted.Message.Contains(expected.Id, StringComparison.Ordinal)
        && records.Single(record => record.Name == "sonarr-backup") is { PeerDrift: false, State: SyncthingState.Disconnected });

    [Fact]
    public Task Conflict_copies_are_named() => ProveAsync("SyncConflicts", null, records => records.All(record => record is { Healthy: false, Conflicts.Count: > 0 } && record.Conflicts.All(path => path.Contains(".sync-conflict-", StringComparison.Ordinal))));

    [Fact]
    public Task A_peer_that_is_gone_leaves_what_is_known_of_it() => ProveAsync("SyncPeerGone", "sonarr-backup", records =>
        records.Single(record => record.Name == "sonarr-primary") is { State: SyncthingState.Disconnected, Connected: false, InSync: false, Healthy: false, PeerCompletionPercent: not null, LastSeen: not null });

    [Fact]
    public Task What_is_stuck_lacks_something_though_it_is_connected() => ProveAsync("SyncStuck", "sonarr-backup", records =>
        records.Single(record => record.Name == "sonarr-backup") is { State: SyncthingState.Syncing, Connected: true, NeedBytes: > 0, CompletionPercent: < 100, PeerNeedBytes: 0 }
        && records.Single(record => record.Name == "sonarr-primary") is { NeedBytes: 0, PeerNeedBytes: > 0 });

    [Fact]
    public Task What_cannot_be_written_is_an_error_with_its_words() => ProveAsync("SyncPermissionDenied", "sonarr-backup", records =>
        records.Single(record => record.Name == "sonarr-backup") is { State: SyncthingState.Error, Errors: > 0, Healthy: false } record && record.Message.Contains("permission denied", StringComparison.Ordinal));

    [Fact]
    public Task The_surviving_side_tells_all_when_a_node_is_off() => ProveAsync("NodeDown", "k3s-w1", records =>
        records.Single(record => record.Name == "sonarr-backup") is { State: SyncthingState.Disconnected, NeedBytes: not null, PeerNeedBytes: not null, Role: SyncthingRole.Destination }
        && records.Single(record => record.Name == "sonarr-primary") is { State: SyncthingState.NotRunning, NeedBytes: null, Healthy: false });

    [Fact]
    public async Task Who_may_not_use_the_proxy_goes_through_a_port_forward_and_checks_the_certificate()
    {
        await homelab.UntilWellAsync();
        using var client = await LimitedAsync("get pods/proxy");
        var records = await ReadAsync(client);
        Assert.Equal(2, records.Count);
        Assert.All(records, record => Assert.NotNull(record.NeedBytes));
    }

    [Fact]
    public async Task Who_may_not_read_the_Secret_is_told_so()
    {
        using var client = await LimitedAsync("get secrets");
        Assert.All(await ReadAsync(client), record => Assert.Equal((SyncthingState.Unread, true), (record.State, record.Message.Contains("secrets", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_backup_that_fails_again_and_again_is_not_in_progress()
    {
        await homelab.UntilWellAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("ResticLocked", "database/postgres", Cluster.Stop);
        await homelab.UntilAsync(async () => await StatusAsync("postgres") is { State: ReplicationState.Failed, Healthy: false } record && record.MoverLog.Contains("lock", StringComparison.Ordinal), "it has failed", TimeSpan.FromMinutes(30));
        await fault.SwitchOffAsync(Cluster.Stop);
    }

    private async Task ProveAsync(string fault, string? target, Func<IReadOnlyList<SyncthingStatus>, bool> shows)
    {
        await homelab.UntilWellAsync();
        await using var turned = await homelab.Faults.SwitchOnAsync(fault, target, Cluster.Stop);
        IReadOnlyList<SyncthingStatus> last = [];
        try
        {
            await homelab.UntilAsync(async () => shows(last = await ReadAsync(homelab.Homelab.Client)), fault, TimeSpan.FromSeconds(30));
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', last.Select(record => $"{record.Name} {record.State} {record.NeedBytes} {record.PeerNeedBytes} {record.Message}")));
        }

        await turned.SwitchOffAsync(Cluster.Stop);
        await homelab.UntilWellAsync();
    }

    // A user who may do everything that is needed but one thing.
    private async Task<ClusterClient> LimitedAsync(string denied)
    {
        var user = $"limited-{denied.Replace(' ', '-').Replace('/', '-')}";
        var rules = new[] { ("list", "", "pods"), ("list", "", "services"), ("get", "", "secrets"), ("get", "", "pods/proxy"), ("create", "", "pods/portforward"), ("list", "volsync.backube", "replicationsources") }
            .Where(rule => $"{rule.Item1} {rule.Item3}" != denied)
            .Select(rule => $$"""{"verbs":["{{rule.Item1}}"],"apiGroups":["{{rule.Item2}}"],"resources":["{{rule.Item3}}"]}""");
        await AddAsync("clusterroles", "ClusterRole", $$"""{"metadata":{"name":"{{user}}"},"rules":[{{string.Join(',', rules)}}]}""");
        await AddAsync("clusterrolebindings", "ClusterRoleBinding", $$"""{"metadata":{"name":"{{user}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{user}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}""");
        var endpoint = ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null);
        return new ClusterClient(new ClusterEndpoint
        {
            Name = endpoint.Name,
            Context = endpoint.Context,
            Server = endpoint.Server,
            Namespace = endpoint.Namespace,
            Credentials = endpoint.Credentials,
            Impersonation = new Impersonation(user, null, [], new Dictionary<string, IReadOnlyList<string>>()),
        });

        Task AddAsync(string plural, string kind, string json)
        {
            var item = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
            (item["apiVersion"], item["kind"]) = ("rbac.authorization.k8s.io/v1", kind);
            return homelab.Homelab.Client.CreateAsync(new("rbac.authorization.k8s.io", "v1", plural, kind, false), null, item, Cluster.Stop);
        }
    }

    private async Task<ReplicationStatus?> StatusAsync(string name)
    {
        await foreach (var item in ReplicationReader.ReadAsync(homelab.Homelab.Client, new() { Objects = new() { Names = [new(name)] } }, Cluster.Stop))
        {
            return item.Value;
        }

        return null;
    }

    private static async Task<IReadOnlyList<SyncthingStatus>> ReadAsync(ClusterClient client)
    {
        var records = new List<SyncthingStatus>();
        await foreach (var item in SyncthingReader.ReadAsync(client, new() { Apps = [new("sonarr")] }, Cluster.Stop))
        {
            records.Add(item.Value!);
        }

        return records;
    }
}
