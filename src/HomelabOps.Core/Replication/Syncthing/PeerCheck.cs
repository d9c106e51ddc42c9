using System.Net;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Replication.Wire;

namespace HomelabOps.Core.Replication.Syncthing;

/// <summary>
/// Holds the peers of a spec, which somebody has typed, against what the other side is now. A Service that was made anew has another
/// address, a new configuration another ID; the replication dies of either, and nothing says so.
/// </summary>
/// <param name="Configured">The peer that the spec names for the other side; null for none.</param>
/// <param name="Expected">What it ought to name; null when the other side does not say.</param>
/// <param name="HasDrifted">Both differ, so that the sides cannot meet.</param>
internal sealed record PeerCheck(SyncthingPeer? Configured, SyncthingPeer? Expected, bool HasDrifted)
{
    private const int DataPort = 22000;

    /// <summary>Nothing to compare.</summary>
    public static PeerCheck None { get; } = new(null, null, false);

    /// <summary>Compares.</summary>
    /// <param name="item">The ReplicationSource.</param>
    /// <param name="partner">The other one; null when it is not in this cluster.</param>
    /// <param name="service">The other one's data Service; null when unknown.</param>
    public static PeerCheck Of(ReplicationWire item, ReplicationWire? partner, ServiceWire? service)
    {
        var peers = (item.Spec?.Syncthing?.Peers ?? []).ConvertAll(peer => new SyncthingPeer(peer.Id ?? "", peer.Address ?? ""));
        if (partner?.Status?.Syncthing is not { Id: { Length: > 0 } id } now)
        {
            return new(peers.FirstOrDefault(), null, false);
        }

        var known = service is null ? [] : Addresses(service, partner).ToArray();
        var expected = known.FirstOrDefault() ?? now.Address ?? "";
        var configured = peers.Find(peer => peer.Id == id) ?? (peers is [var only] ? only : peers.Find(peer => known.Contains(peer.Address)));
        var isRightPlace = configured is not null && (configured.Address == expected || known.Contains(configured.Address) || (expected.Length == 0) || IsElsewhere(configured.Address));
        return new(configured, new(id, configured is not null && isRightPlace && configured.Address.Length > 0 ? configured.Address : expected), configured is null || configured.Id != id || !isRightPlace);
    }

    // VolSync's own choice first: it is what the status says.
    private static IEnumerable<string> Addresses(ServiceWire service, ReplicationWire partner)
    {
        var port = service.Spec?.Ports?.Find(port => port.Name == "data")?.Port ?? service.Spec?.Ports?.FirstOrDefault()?.Port ?? DataPort;
        var points = service.Spec?.Type == "LoadBalancer" ? (service.Status?.LoadBalancer?.Ingress ?? []).SelectMany(point => new[] { point.Hostname, point.Ip }) : [];
        var name = $"{service.Metadata.Name}.{partner.Metadata.Namespace}";
        return points.Append(service.Spec?.ClusterIP).Concat([service.Metadata.Name, name, $"{name}.svc", $"{name}.svc.cluster.local"])
            .Where(host => !string.IsNullOrEmpty(host) && host != "None")
            .Select(host => FormattableString.Invariant($"tcp://{(host!.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"));
    }

    // A name of the home's own, or none at all: where that leads only the connection shows.
    private static bool IsElsewhere(string address) => address == "dynamic"
        || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !IPAddress.TryParse(uri.Host.Trim('[', ']'), out _)
            && uri.Host.Contains('.', StringComparison.Ordinal) && !uri.Host.Contains(".svc", StringComparison.Ordinal) && !uri.Host.StartsWith("volsync-", StringComparison.Ordinal));
}
