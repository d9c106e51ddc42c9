using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.MetalLB;

/// <summary>A cluster in which MetalLB runs.</summary>
internal sealed class MetalLBCluster : IAsyncDisposable
{
    public const string System = "metallb-system";

    private MetalLBCluster()
    {
        Behavior = MetalLBControllers.AddTo(Inner.Host);
        Inner.Server.Services.Options.Webhooks.Add(new MetalLBWebhook(Inner.Host, System, _ => IsNodeUp));
    }

    /// <summary>Whether the webhook's node can be called.</summary>
    public bool IsNodeUp { get; set; } = true;

    public Cluster Inner { get; } = new();

    public MetalLBBehavior Behavior { get; }

    public static async Task<MetalLBCluster> StartAsync(string? addresses = null)
    {
        var cluster = new MetalLBCluster();
        await CustomKinds.InstallAsync(cluster.Inner.Client, "metallb.io");
        await cluster.AddAsync(ResourceType.Namespace, $$"""{"metadata":{"name":"{{System}}"} }""");
        if (addresses is not null)
        {
            await cluster.AddPoolAsync("home", $"""["{addresses}"]""");
        }

        await cluster.Inner.Host.StartAsync(Cluster.Stop);
        return cluster;
    }

    public Task<JsonObject> AddAsync(ResourceType type, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        (item["apiVersion"], item["kind"]) = (type.ApiVersion, type.Kind);
        return Inner.Client.CreateAsync(type, (string?)item["metadata"]!["namespace"], item, Cluster.Stop);
    }

    public Task AddPoolAsync(string name, string addresses, string more = "") =>
        AddAsync(Types.IpAddressPool, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{System}}}"},"spec":{"addresses":{{{addresses}}}{{{more}}} } }""");

    public Task AddServiceAsync(string name, string annotations = "{}", string more = "", int port = 80) =>
        AddAsync(Types.Service, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","annotations":{{{annotations}}} },"spec":{"type":"LoadBalancer","ports":[{"port":{{{port}}} }]{{{more}}} } }""");

    public Task PatchAsync(ResourceType type, string @namespace, string name, string patch, string? subresource = null) =>
        Inner.Client.PatchAsync(type, @namespace, name, PatchKind.Merge, JsonNode.Parse(patch)!, Cluster.Stop, new WriteOptions { Subresource = subresource });

    public async Task<string> AddressAsync(string service) =>
        Items(await Inner.Client.FindObjectAsync(Types.Service, "default", service, Cluster.Stop), "status.loadBalancer.ingress").Select(item => Text(item, "ip")).FirstOrDefault("");

    public Task HasAddressAsync(string service, string address) => Cluster.UntilAsync(async () => await AddressAsync(service) == address, $"{service} has {address}");

    public Task HasEventAsync(string name, string told) => Cluster.UntilAsync(async () => (await EventsAsync(name)).Contains(told), told);

    public async Task<List<string>> EventsAsync(string name)
    {
        var events = new List<string>();
        await foreach (var item in Inner.Client.ListAsync(ResourceType.Event, new ListQuery { Namespace = "default" }, ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            if (Text(item.Json, "involvedObject.name") == name)
            {
                events.Add($"{Text(item.Json, "type")} {Text(item.Json, "reason")} {Text(item.Json, "message")}");
            }
        }

        return events;
    }

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
