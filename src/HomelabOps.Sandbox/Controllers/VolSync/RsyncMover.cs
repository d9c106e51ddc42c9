using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>From volume to volume by rsync, over TLS with a shared key or over SSH. The destination listens behind a Service.</summary>
internal sealed class RsyncMover(bool isTls) : JobMover
{
    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(15);

    protected override int BackoffLimit => 2;

    protected override bool TellsTransfers => true;

    private string Kind => isTls ? "rsync-tls" : "rsync";

    protected override async Task<Plan?> PlanAsync(MoverContext context, CancellationToken cancellationToken)
    {
        var claim = context.IsSource
            ? await MoverVolumes.SourceAsync(context, "src", cancellationToken)
            : await MoverVolumes.DestinationAsync(context, "dst", cancellationToken);
        var selector = VolSyncNames.Selector(VolSyncNames.Short($"{context.Direction}-", context.Name), $"{Kind}-mover");
        if (claim is null
            || (!context.IsSource && !await PublishAddressAsync(context, selector, cancellationToken))
            || await RsyncKeys.EnsureAsync(context, isTls, cancellationToken) is not { } keys
            || await context.AccountAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var name = VolSyncNames.Short($"volsync-{Kind}-{context.Direction}-", context.Name);
        var script = (isTls, context.IsSource) switch
        {
            (true, true) => "client.sh",
            (true, false) => "server.sh",
            (false, true) => "source.sh",
            _ => "destination.sh",
        };
        var container = MoverPods.Container(
            context,
            Kind,
            ["/bin/bash", "-c", $"/mover-{Kind}/{script}"],
            [],
            Environment(context),
            ("data", "/data"),
            ("keys", "/keys"),
            ("tempdir", "/tmp"));
        var template = MoverPods.Template(context, name, selector, container, account,
        [
            MoverPods.ClaimVolume("data", Text(claim, "metadata.name")),
            MoverPods.SecretVolume("keys", keys),
            MoverPods.MemoryVolume("tempdir"),
        ]);
        return new(name, template, claim);
    }

    private static IEnumerable<JsonObject> Environment(MoverContext context)
    {
        if (context.IsSource && Text(context.Spec, "address") is { Length: > 0 } address)
        {
            yield return MoverPods.Variable("DESTINATION_ADDRESS", address);
            if (Number(context.Spec, "port") is > 0 and var port)
            {
                yield return MoverPods.Variable("DESTINATION_PORT", Invariant($"{port}"));
            }
        }
    }

    private async Task<bool> PublishAddressAsync(MoverContext context, JsonObject selector, CancellationToken cancellationToken)
    {
        if (Text(context.Spec, "address").Length > 0)
        {
            return true;
        }

        var name = VolSyncNames.Short($"volsync-{Kind}-dst-", context.Name);
        var wanted = MoverContext.Named(name);
        wanted["spec"] = new JsonObject
        {
            ["type"] = Text(context.Spec, "serviceType", "ClusterIP"),
            ["selector"] = selector.DeepClone(),
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = isTls ? "rsync-tls" : "ssh",
                ["port"] = Number(context.Spec, "port") is > 0 and var port ? port : isTls ? 8000 : 22,
                ["protocol"] = "TCP",
                ["targetPort"] = isTls ? 8000 : 8022,
            }),
        };
        wanted["metadata"]!["annotations"] = context.Spec["serviceAnnotations"]?.DeepClone() ?? new JsonObject { ["service.beta.kubernetes.io/aws-load-balancer-type"] = "nlb" };
        var (service, _) = await context.Objects.EnsureAsync(context.Cluster.Services, wanted, isTemporary: false, cancellationToken);
        var address = Text(service, "spec.type") == "LoadBalancer"
            ? Items(service, "status.loadBalancer.ingress").Select(item => Text(item, "hostname", Text(item, "ip"))).FirstOrDefault("")
            : Text(service, "spec.clusterIP");
        var status = context.MethodStatus;
        if (address.Length == 0)
        {
            status.Remove("address");
            if (Timestamps.Parse(Text(service, "metadata.creationTimestamp")) + AddressTimeout < context.Now)
            {
                context.Objects.Record("Warning", "NoServiceAddressAssigned", $"waiting for an address to be assigned to Service/{name}; ensure the proper serviceType was specified");
            }

            return false;
        }

        context.World.Rsync.Publish(new(context.Namespace, name), address);
        if (Text(status, "address") != address)
        {
            status["address"] = address;
            context.Objects.Record("Normal", "ServiceAddressAssigned", $"listening on address {address} for incoming connections");
        }

        return true;
    }
}
