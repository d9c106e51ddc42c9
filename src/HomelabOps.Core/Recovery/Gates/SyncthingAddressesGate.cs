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
        var services = facts.Of(RecoveryKinds.Service).SelectMany(service => AddressesOf(service).Select(address => (address, service))).ToLookup(pair => pair.address, pair => pair.service, StringComparer.Ordinal);
        return [.. facts.Of(RecoveryKinds.ReplicationSource)
            .SelectMany(source => (source.Spec["syncthing"]?["peers"] as JsonArray ?? []).Select(peer => HostOf(Scalars.Text(peer?["address"]))).Distinct()
                .SelectMany(host => services[host].Take(1).Select(service => Errors.Text("Detail_RecoveryAddress", $"{source.Key.Namespace}/{source.Key.Name}", host, $"{service.Key.Namespace}/{service.Key.Name}"))))
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> AddressesOf(LiveItem service) =>
        (service.Spec["clusterIPs"] as JsonArray ?? [service.Spec["clusterIP"]?.DeepClone()]).Select(Scalars.Text).OfType<string>().Where(address => address is not ("" or "None"));

    private static string HostOf(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Host.Trim('[', ']') : "";
}
