using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>The speakers of all nodes: of those that may, one announces the address of a Service, and says so in an event.</summary>
internal sealed class SpeakerController : Controller
{
    private readonly MetalLBOptions _options;
    private readonly Informer _services;
    private readonly Informer _endpoints;
    private readonly Informer _pools;
    private readonly Informer _advertisements;
    private readonly Informer _nodes;
    private readonly Informer _pods;
    private readonly Dictionary<ObjectName, string> _announced = [];

    public SpeakerController(ControllerHost host, MetalLBOptions options)
        : base(host, "metallb-speaker")
    {
        _options = options;
        _services = Watch(Types.Service);
        _endpoints = Watch(Types.Endpoints);
        _pools = Watch(Types.IpAddressPool, (JsonObject _) => Balanced());
        _advertisements = Watch(Types.L2Advertisement, (JsonObject _) => Balanced());
        _nodes = host.Informer(ResourceType.Node);
        _pods = Watch(ResourceType.Pod, change => IsSpeaker(change.Latest) && (change.Before is null || change.After is null || IsReady(change.Before) != IsReady(change.After)) ? Balanced() : []);
    }

    protected override int Workers => 1;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (!_options.Covers(name.Namespace) || _services.Find(name) is not { } service || Winner(name, service) is not { } node)
        {
            _announced.Remove(name);
            return null;
        }

        if (_announced.GetValueOrDefault(name) != node)
        {
            Objects.Record(service, "Normal", "nodeAssigned", $"announcing from node \"{node}\" with protocol \"layer2\"");
            _announced[name] = node;
        }

        return null;
    }

    private string? Winner(ObjectName name, JsonObject service)
    {
        var address = Items(service, "status.loadBalancer.ingress").Select(item => Text(item, "ip")).FirstOrDefault("");
        var ready = Items(_endpoints.Find(name), "subsets").SelectMany(subset => Items(subset, "addresses")).ToArray();
        var pool = (string?)service["metadata"]?["annotations"]?["metallb.io/ip-allocated-from-pool"];
        if (address.Length == 0 || ready.Length == 0 || pool is null)
        {
            return null;
        }

        var advertisements = _advertisements.In(_options.Namespace).Where(item => Covers(item, pool)).ToArray();
        var nodes = _pods.In(_options.Namespace).Where(pod => IsSpeaker(pod) && IsReady(pod)).Select(pod => Text(pod, "spec.nodeName")).Where(node => advertisements.Any(item => Covers(item, _nodes.Find("", node))));
        if (Text(service, "spec.externalTrafficPolicy") == "Local")
        {
            nodes = nodes.Where(node => ready.Any(endpoint => Text(endpoint, "nodeName") == node));
        }

        return nodes.MinBy(node => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{node}#{address}"))), StringComparer.Ordinal);
    }

    private bool Covers(JsonObject advertisement, string pool)
    {
        var names = At(advertisement, "spec.ipAddressPools") as JsonArray ?? [];
        var selectors = Items(advertisement, "spec.ipAddressPoolSelectors").ToArray();
        return (names.Count == 0 && selectors.Length == 0) || names.Any(name => (string?)name == pool) || AddressPool.Matches(selectors, _pools.Find(_options.Namespace, pool));
    }

    private static bool Covers(JsonObject advertisement, JsonObject? node) => node is not null
        && (Items(advertisement, "spec.nodeSelectors").ToArray() is not { Length: > 0 } selectors || AddressPool.Matches(selectors, node));

    private IEnumerable<ObjectName> Balanced() => _services.All.Where(service => Text(service, "spec.type") == "LoadBalancer").Select(ObjectName.Of);

    private bool IsSpeaker(JsonObject pod) => Text(pod, "metadata.namespace") == _options.Namespace
        && pod["metadata"]?["labels"] is JsonObject labels && ((string?)labels["component"] == "speaker" || (string?)labels["app.kubernetes.io/component"] == "speaker");

    private static bool IsReady(JsonObject pod) => Text(pod, "status.phase") == "Running" && At(pod, "metadata.deletionTimestamp") is null
        && Conditions.IsReady(pod);
}
