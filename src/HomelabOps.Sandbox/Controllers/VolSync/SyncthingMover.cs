using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Keeps a Syncthing running on a volume. It never comes to an end, and no pause stops it.</summary>
internal sealed class SyncthingMover : IMover
{
    public const int ApiPort = 8384;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    public async Task<MoverResult> SynchronizeAsync(MoverContext context, CancellationToken cancellationToken)
    {
        var syncthings = context.Options.Syncthings;
        syncthings.Look(context);
        var data = await EnsureAsync(context, cancellationToken);
        if (data is null)
        {
            return MoverResult.InProgress;
        }

        var peers = SyncthingPlace.PeersOf(context.Owner);
        if (peers.GroupBy(peer => peer.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new MoverException($"duplicate peer found in peer list: {twice.Key}");
        }

        string[] hosts = [.. Hosts(data)];
        var (id, told) = await syncthings.ConfigureAsync(context, hosts, peers, cancellationToken);
        Publish(context, id, hosts is [var host, ..] ? SyncthingPlace.Tcp(host) : throw new MoverException("could not get an address for the service"), told);
        return new(false, RetryAfter: Interval);
    }

    public Task CleanUpAsync(MoverContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes everything that a Syncthing needs; gives the Service of its data.</summary>
    private static async Task<JsonObject?> EnsureAsync(MoverContext context, CancellationToken cancellationToken)
    {
        var (cluster, name) = (context.Cluster, $"volsync-{context.Name}");
        var claim = context.Claim(Text(context.Owner, "spec.sourcePVC"));
        var config = await MoverVolumes.OwnAsync(
            context,
            $"{name}-config",
            Text(context.Spec, "configCapacity", "1Gi"),
            (string?)context.Spec["configStorageClassName"] ?? (string?)claim["spec"]?["storageClassName"],
            context.Spec["configAccessModes"] ?? claim["spec"]?["accessModes"],
            cancellationToken);
        var api = VolSyncNames.Short("volsync-", context.Name, "-api");
        var secret = await context.Objects.EnsureExistsAsync(cluster.Secrets, name, () => SyncthingSecret.New(name, $"{api}.{context.Namespace}", context.Now), cancellationToken);
        var isEarly = context.Options.IsAwaited(context.Namespace, Text(claim, "metadata.name")) && !cluster.Users.HavePlaced(ObjectName.Of(claim));
        if (config is null || secret is null || isEarly || await context.AccountAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var template = Template(context, name, claim, account);
        var deployment = MoverContext.Named(name);
        deployment["metadata"]!["labels"] = new JsonObject { ["app"] = VolSyncNames.Short("", context.Name) };
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = VolSyncNames.Selector(VolSyncNames.Short("", context.Name), VolSyncNames.SyncthingComponent) },
            ["strategy"] = new JsonObject { ["type"] = "Recreate" },
            ["template"] = template,
        };
        await context.Objects.EnsureAsync(cluster.Deployments, deployment, isTemporary: false, cancellationToken);
        await context.Objects.EnsureAsync(cluster.Services, Service(api, template, null, "api", ApiPort, "api"), isTemporary: false, cancellationToken);
        var data = Service(VolSyncNames.Short("volsync-", context.Name, "-data"), template, Text(context.Spec, "serviceType", "ClusterIP"), "data", SyncthingPlace.DataPort, SyncthingPlace.DataPort);
        var place = new ObjectName(context.Namespace, Text(data, "metadata.name"));
        if (cluster.Services.Find(place) is null && context.World.IsFirst(place) && context.Options.FirstAddress(place.Namespace, place.Name) is { } address)
        {
            data["spec"]!["clusterIP"] = address;
        }

        return (await context.Objects.EnsureAsync(cluster.Services, data, isTemporary: false, cancellationToken)).Object;
    }

    private static JsonObject Template(MoverContext context, string name, JsonObject claim, string account)
    {
        var container = MoverPods.Container(
            context,
            "syncthing",
            ["/mover-syncthing/entry.sh"],
            ["run"],
            [
                MoverPods.Variable("SYNCTHING_CONFIG_DIR", "/mover-syncthing/config"),
                MoverPods.Variable("SYNCTHING_DATA_DIR", "/data"),
                MoverPods.Variable("SYNCTHING_CERT_DIR", "/certs"),
                new() { ["name"] = "STGUIAPIKEY", ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = name, ["key"] = "apikey" } } },
            ],
            ("syncthing-config", "/mover-syncthing/config"),
            ("syncthing-data", "/data"),
            ("https-certs", "/certs"),
            ("tempdir", "/tmp"));
        container["ports"] = new JsonArray(Port("api", ApiPort), Port("data", SyncthingPlace.DataPort));
        container["resources"] ??= new JsonObject { ["limits"] = new JsonObject { ["memory"] = "1Gi" } };
        var template = MoverPods.Template(
            context,
            name,
            VolSyncNames.Selector(VolSyncNames.Short("", context.Name), VolSyncNames.SyncthingComponent),
            container,
            account,
            [
                MoverPods.ClaimVolume("syncthing-config", $"{name}-config"),
                MoverPods.ClaimVolume("syncthing-data", Text(claim, "metadata.name")),
                MoverPods.SecretVolume("https-certs", name, Item("httpsKeyPEM", "https-key.pem"), Item("httpsCertPEM", "https-cert.pem")),
                MoverPods.MemoryVolume("tempdir"),
            ]);
        template["spec"]!["restartPolicy"] = "Always";
        template["spec"]!["terminationGracePeriodSeconds"] = 10;
        MoverPods.Bind(context, template, claim);
        return template;
    }

    private static JsonObject Service(string name, JsonObject template, string? type, string port, int number, JsonNode target)
    {
        var service = MoverContext.Named(name);
        service["spec"] = new JsonObject
        {
            ["selector"] = template["metadata"]!["labels"]!.DeepClone(),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = port, ["port"] = number, ["protocol"] = "TCP", ["targetPort"] = target }),
        };
        if (type is not null)
        {
            service["spec"]!["type"] = type;
        }

        return service;
    }

    /// <summary>The pod in which the Syncthing of a mover can be reached; null where there is none.</summary>
    public static JsonObject? Pod(MoverContext context) => context.Cluster.Users.Of(new(context.Namespace, $"volsync-{context.Name}-config")).FirstOrDefault(IsServing);

    public static MoverException NotReached(MoverContext context, string why = "dial tcp: connect: connection refused") =>
        new($"Get \"https://{VolSyncNames.Short("volsync-", context.Name, "-api")}.{context.Namespace}:{ApiPort}/rest/config\": {why}");

    public static MoverException OwnPeer() => new("the peer list contains the node itself");

    /// <summary>Whether the Syncthing in a pod can be reached.</summary>
    public static bool IsServing(JsonObject pod) => Text(pod, "status.phase") == "Running" && At(pod, "metadata.deletionTimestamp") is null
        && VolSyncNames.SyncthingSourceOf(pod) is not null
        && Conditions.IsReady(pod);

    private static IEnumerable<string> Hosts(JsonObject service)
    {
        var isBalanced = Text(service, "spec.type") == "LoadBalancer";
        var balanced = isBalanced ? Items(service, "status.loadBalancer.ingress").Select(item => Text(item, "hostname", Text(item, "ip"))).FirstOrDefault() : Text(service, "spec.clusterIP");
        if (string.IsNullOrEmpty(balanced))
        {
            yield break;
        }

        yield return balanced;
        if (isBalanced && Text(service, "spec.clusterIP") is { Length: > 0 } cluster)
        {
            yield return cluster;
        }

        var name = $"{Text(service, "metadata.name")}.{Text(service, "metadata.namespace")}";
        yield return name;
        yield return $"{name}.svc";
        yield return $"{name}.svc.cluster.local";
    }

    private static void Publish(MoverContext context, string id, string address, JsonArray peers)
    {
        var status = context.MethodStatus;
        if (Text(status, "ID") != id)
        {
            context.Objects.Record("Normal", "DaemonConnected", "Connection established to local Syncthing API");
        }

        status["ID"] = id;
        status["address"] = address;
        if (peers.Count > 0)
        {
            status["peers"] = peers;
        }
        else
        {
            status.Remove("peers");
        }
    }

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["containerPort"] = number };

    private static JsonObject Item(string key, string path) => new() { ["key"] = key, ["path"] = path };
}
