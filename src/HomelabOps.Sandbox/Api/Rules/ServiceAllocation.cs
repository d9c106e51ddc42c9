using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>Gives services their addresses and ports of nodes, and refuses those that others have.</summary>
internal sealed class ServiceAllocation
{
    private const string Taken = "is already allocated";

    // As the real one, it leaves the first of the network to those who ask for an address themselves.
    private const int FirstAddress = 250;
    private const int Addresses = (250 * 250) - FirstAddress;

    // What a service has, or is about to get, is not given to others.
    private readonly ConcurrentDictionary<string, bool> _takenAddresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, bool> _takenPorts = new();
    private readonly Lock _lock = new();
    private readonly ApiContext _context;
    private readonly IPNetwork? _network;
    private int _port = ServiceValidation.FirstNodePort;

    /// <param name="context">Where the others are.</param>
    /// <param name="network">What addresses are given from; null for a copy of a cluster, which brings its own.</param>
    public ServiceAllocation(ApiContext context, IPNetwork? network)
    {
        (_context, _network) = (context, network);
        context.Store.Written += Note;
    }

    public void Allocate(ResourceKind kind, JsonObject node, JsonObject? old)
    {
        var spec = node["spec"]!.AsObject();
        var type = (string?)spec["type"];
        if (type == "ExternalName")
        {
            return;
        }

        lock (_lock)
        {
            Address(kind, node, spec, old?["spec"]);
            spec["clusterIPs"] = new JsonArray((string?)spec["clusterIP"]);
            if (type is "NodePort" or "LoadBalancer" && (bool?)spec["allocateLoadBalancerNodePorts"] != false)
            {
                Ports(kind, node, spec, old?["spec"]);
            }
        }
    }

    // Also of a copied cluster, whose services are put in as they were: nobody asks for theirs here.
    private void Note(Collection collection, StoreEvent change)
    {
        if (collection.Resource != "services")
        {
            return;
        }

        var spec = change.After.ToNode()["spec"];
        Mark(_takenAddresses, (string?)spec?["clusterIP"] ?? "", !change.Deleted);
        foreach (var port in spec?["ports"] as JsonArray ?? [])
        {
            Mark(_takenPorts, Numbers.Whole(port?["nodePort"]) ?? 0, !change.Deleted);
        }

        static void Mark<T>(ConcurrentDictionary<T, bool> taken, T what, bool isTaken)
            where T : notnull
        {
            if (isTaken)
            {
                taken[what] = true;
            }
            else
            {
                taken.TryRemove(what, out _);
            }
        }
    }

    private void Address(ResourceKind kind, JsonObject node, JsonObject spec, JsonNode? old)
    {
        if ((string?)spec["clusterIP"] is not { Length: > 0 } asked)
        {
            var first = FirstOf(node);
            spec["clusterIP"] = Enumerable.Range(0, Addresses).Select(step => AddressAt((first + step) % Addresses)).FirstOrDefault(free => !_takenAddresses.ContainsKey(free))
                ?? throw Full(kind, node, "spec.clusterIPs");
            return;
        }

        if (!string.IsNullOrEmpty((string?)old?["clusterIP"]) || !IPAddress.TryParse(asked, out var address))
        {
            return;
        }

        // As text: only the few that have it are read.
        var why = _network is { } range && !range.Contains(address) ? $"the provided IP ({asked}) is not in the valid range. The range of valid IPs is {range}"
            : Others(node, $"\"{asked}\"").Any(other => (string?)other["spec"]?["clusterIP"] == asked) ? $"provided IP {Taken}"
            : null;
        if (why is not null)
        {
            throw ApiErrors.Invalid(kind, MetadataRules.Text(MetadataRules.Of(node), "name"), [FieldError.Invalid("spec.clusterIPs", new JsonArray(asked), $"failed to allocate IP {asked}: {why}")]);
        }

        _takenAddresses[asked] = true;
    }

    private void Ports(ResourceKind kind, JsonObject node, JsonObject spec, JsonNode? old)
    {
        var before = (old?["ports"] as JsonArray ?? []).Select(port => Numbers.Whole(port?["nodePort"])).ToHashSet();
        foreach (var (port, path) in PodValidation.Items(spec, "ports", "spec"))
        {
            if (Numbers.Whole(port["nodePort"]) is not ({ } asked and not 0))
            {
                port["nodePort"] = Enumerable.Range(ServiceValidation.FirstNodePort, ServiceValidation.LastNodePort - ServiceValidation.FirstNodePort + 1).Select(_ => NextPort())
                    .FirstOrDefault(free => !_takenPorts.ContainsKey(free)) is > 0 and var given ? given : throw Full(kind, node, $"{path}.nodePort");
            }
            else if (!before.Contains(asked) && asked is >= ServiceValidation.FirstNodePort and <= ServiceValidation.LastNodePort)
            {
                if (Others(node, $"\"nodePort\":{asked}").Any(other => (other["spec"]?["ports"] as JsonArray ?? []).Any(taken => Numbers.Whole(taken?["nodePort"]) == asked)))
                {
                    throw ApiErrors.Invalid(kind, MetadataRules.Text(MetadataRules.Of(node), "name"), [FieldError.Invalid($"{path}.nodePort", asked, $"provided port {Taken}")]);
                }

                _takenPorts[asked] = true;
            }
        }
    }

    // It follows from the uid, so that services which come at the same time have the same addresses in each run of a seeded server, and one that is made again has another.
    private static int FirstOf(JsonObject node) =>
        (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(MetadataRules.Text(MetadataRules.Of(node), "uid")))) % Addresses);

    private static string AddressAt(int number) => string.Create(CultureInfo.InvariantCulture, $"10.96.{(FirstAddress + number) / 250}.{((FirstAddress + number) % 250) + 1}");

    private int NextPort() => _port = _port < ServiceValidation.LastNodePort ? _port + 1 : ServiceValidation.FirstNodePort;

    private static ApiException Full(ResourceKind kind, JsonObject node, string path) =>
        ApiErrors.Invalid(kind, MetadataRules.Text(MetadataRules.Of(node), "name"), [FieldError.Invalid(path, null, "failed to allocate: range is full")]);

    private IEnumerable<JsonObject> Others(JsonObject node, string text)
    {
        var (uid, part) = (MetadataRules.Text(MetadataRules.Of(node), "uid"), Encoding.UTF8.GetBytes(text));
        return _context.Collection("v1", "Service").Read(null).Objects.Where(item => item.Uid != uid && item.Json.AsSpan().IndexOf(part) >= 0).Select(item => item.ToNode());
    }
}
