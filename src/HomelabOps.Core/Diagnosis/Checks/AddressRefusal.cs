using System.Net;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Why a Service gets no address: what it asks for that no pool has, else what the controller has said.</summary>
/// <param name="Variant">Which text tells it.</param>
/// <param name="Words">What the text names.</param>
internal sealed record AddressRefusal(string Variant, params IReadOnlyList<object> Words)
{
    /// <summary>It wants another load balancer than MetalLB.</summary>
    public const string OfOthers = "Class";

    /// <summary>The controller has said it, and it may come from elsewhere.</summary>
    public const string Said = "Said";

    private const string SharedAddress = "allow-shared-ip";

    // The second is the name of versions before 0.13.
    private static readonly string[] Prefixes = ["metallb.io/", "metallb.universe.tf/"];

    /// <summary>Whether a Service waits for an address.</summary>
    public static bool IsPending(ServiceWire service) => service.Spec is { Type: "LoadBalancer" } && service.Status?.LoadBalancer?.Ingress is not { Count: > 0 };

    /// <summary>Whether it leaves MetalLB alone.</summary>
    public static bool IsOthers(ServiceWire service) => service.Spec?.LoadBalancerClass is { Length: > 0 } name && !name.Contains("metallb", StringComparison.OrdinalIgnoreCase);

    /// <summary>The pool that a Service names; null for any.</summary>
    public static string? PoolOf(ServiceWire service) => Annotation(service, "address-pool");

    /// <summary>The addresses that a Service asks for.</summary>
    public static IReadOnlyList<IPAddress> Wanted(ServiceWire service) => [.. (Annotation(service, "loadBalancerIPs") ?? service.Spec?.LoadBalancerIP ?? "")
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];

    /// <summary>Why; null where nobody knows.</summary>
    public static AddressRefusal? Of(HomelabSnapshot snapshot, ServiceWire service)
    {
        if (IsOthers(service))
        {
            return new(OfOthers, service.Spec!.LoadBalancerClass!);
        }

        var ranges = (snapshot.AddressPools ?? []).SelectMany(pool => pool.Spec?.Addresses ?? []).Select(AddressRange.Parse).OfType<AddressRange>().ToList();
        return (ranges.Count > 0 ? OfWishes(snapshot, service, ranges) : null) ?? OfEvent(snapshot, service);
    }

    /// <summary>What the controller has said; empty for nothing.</summary>
    public static string Event(HomelabSnapshot snapshot, ServiceWire service) =>
        snapshot.Warnings[snapshot.Reference("Service", service.Metadata.Namespace ?? "", service.Metadata.Name)].FirstOrDefault(warning => warning.Reason == "AllocationFailed")?.Message ?? "";

    private static AddressRefusal? OfWishes(HomelabSnapshot snapshot, ServiceWire service, List<AddressRange> ranges)
    {
        if (PoolOf(service) is { } pool && !snapshot.AddressPools!.Any(item => item.Metadata.Name == pool))
        {
            return new("Pool", pool);
        }

        var wanted = Wanted(service);
        if (wanted.FirstOrDefault(address => !ranges.Exists(range => range.Holds(address))) is { } outside)
        {
            return new("Outside", outside);
        }

        var taken = (snapshot.Services ?? []).Where(other => !ReferenceEquals(other, service) && !AreShared(service, other))
            .SelectMany(other => (other.Status?.LoadBalancer?.Ingress ?? []).Select(point => (Address: IPAddress.TryParse(point.Ip, out var address) ? address : null, Service: other)))
            .FirstOrDefault(point => point.Address is not null && wanted.Contains(point.Address));
        return taken.Service is not null ? new("InUse", taken.Address!, snapshot.Reference("Service", taken.Service.Metadata.Namespace ?? "", taken.Service.Metadata.Name))
            : service.Spec is { IpFamilyPolicy: not "PreferDualStack", IpFamilies: { } families } && families.Find(family => !ranges.Exists(range => range.IsV6 == (family == "IPv6"))) is { } family ? new("Family", family)
            : null;
    }

    private static AddressRefusal? OfEvent(HomelabSnapshot snapshot, ServiceWire service)
    {
        var words = Event(snapshot, service);
        var start = words.IndexOf("\": ", StringComparison.Ordinal);
        return words.Length > 0 ? new(Said, (start < 0 ? words : words[(start + 3)..]).TrimEnd('.')) : null;
    }

    private static bool AreShared(ServiceWire one, ServiceWire other) => Annotation(one, SharedAddress) is { Length: > 0 } key && Annotation(other, SharedAddress) == key;

    private static string? Annotation(ServiceWire service, string name) => Prefixes.Select(prefix => service.Metadata.Annotations?.GetValueOrDefault(prefix + name)).FirstOrDefault(value => value is not null);
}
