using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>No address of a Service is typed that a new cluster gives anew. Device IDs live on with the volumes; these do not.</summary>
internal sealed class SyncthingAddressesGate : IRecoveryGate
{
    public string Name => "SyncthingAddresses";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.ReplicationSource, RecoveryKinds.Service];

    public IReadOnlyList<string> Missing(RecoveryFacts facts)
    {
        var services = facts.Of(RecoveryKinds.Service).Where(service => !IsFixed(service)).SelectMany(service => AddressesOf(service).Select(address => (address, service))).ToLookup(pair => pair.address, pair => pair.service, StringComparer.Ordinal);
        return [.. facts.Of(RecoveryKinds.ReplicationSource)
            .SelectMany(source => (source.Spec["syncthing"]?["peers"] as JsonArray ?? []).Select(peer => HostOf(Scalars.Text(peer?["address"]))).Distinct()
                .SelectMany(host => services[host].Take(1).Select(service => Errors.Text("Detail_RecoveryAddress", $"{source.Key.Namespace}/{source.Key.Name}", host, $"{service.Key.Namespace}/{service.Key.Name}"))))
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> AddressesOf(LiveItem service) =>
        (service.Spec["clusterIPs"] as JsonArray ?? [service.Spec["clusterIP"]?.DeepClone()]).Select(Scalars.Text).OfType<string>().Where(address => address is not ("" or "None"));

    // What the API server draws nobody owns; what somebody has written is written again in a new cluster.
    private static bool IsFixed(LiveItem service) => (service.Metadata["managedFields"] as JsonArray ?? []).Any(owner => owner?["fieldsV1"]?["f:spec"]?["f:clusterIP"] is not null);

    private static string HostOf(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Host.Trim('[', ']') : "";
}
