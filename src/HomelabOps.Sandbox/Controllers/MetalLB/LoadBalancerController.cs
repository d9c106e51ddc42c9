using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>Gives addresses to Services of type LoadBalancer.</summary>
internal sealed class LoadBalancerController : Controller
{
    private const string Prefix = "metallb.io/";
    private const string FormerPrefix = "metallb.universe.tf/";
    private const string FromPool = Prefix + "ip-allocated-from-pool";

    private readonly AddressAllocator _allocator = new();
    private readonly MetalLBOptions _options;
    private readonly Informer _services;
    private readonly Informer _pools;
    private bool _isRestored;

    public LoadBalancerController(ControllerHost host, MetalLBOptions options)
        : base(host, "metallb-controller", options.Tenure)
    {
        _options = options;
        _services = Watch(Types.Service);
        _pools = Watch(Types.IpAddressPool, change => change.Before is { } before && JsonNode.DeepEquals(before["spec"], change.After?["spec"]) ? [] : _services!.All.Where(IsBalanced).Select(ObjectName.Of));
        var namespaces = host.Informer(ResourceType.Namespace);
        _allocator.NamespaceOf = name => namespaces.Find("", name);
    }

    // Whoever gives addresses has to know what the others were given.
    protected override int Workers => 1;

    /// <summary>An annotation of MetalLB, also under the name that it had; empty where it is absent.</summary>
    public static string Annotation(JsonObject item, string name) =>
        (string?)item["metadata"]?["annotations"]?[Prefix + name] ?? (string?)item["metadata"]?["annotations"]?[FormerPrefix + name] ?? "";

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        _allocator.Pools = [.. _pools.In(_options.Namespace).Select(AddressPool.Of).OrderBy(pool => pool.Priority).ThenBy(pool => pool.Name, StringComparer.Ordinal)];
        Restore();
        if (!_options.Covers(name.Namespace))
        {
            return null;
        }

        var service = _services.Find(name);
        if (service is null || At(service, "metadata.deletionTimestamp") is not null || !IsBalanced(service))
        {
            if (_allocator.Unassign(name))
            {
                Retry();
                await PublishAsync(cancellationToken);
            }

            if (service is not null && Ingress(service).Count > 0)
            {
                await WriteAsync(service, [], null, cancellationToken);
            }

            return null;
        }

        if (_allocator.Pools.Count == 0 || Text(service, "spec.clusterIP").Length == 0)
        {
            _allocator.Unassign(name);
            await WriteAsync(service, [], null, cancellationToken);
            return null;
        }

        await ConvergeAsync(name, service, cancellationToken);
        await PublishAsync(cancellationToken);
        return null;
    }

    private async Task ConvergeAsync(ObjectName name, JsonObject service, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> present = Ingress(service);
        var (wanted, error) = Wanted(service);
        var pool = Annotation(service, "address-pool");
        if (present.Count > 0)
        {
            if (_allocator.Assign(service, present) is { } refused)
            {
                Objects.Record(service, "Normal", "ClearAssignment", $"current IP for \"{name}\" not allowed by config, will attempt for new IP assignment: {refused}");
                present = Clear(name);
            }
            else if ((pool.Length > 0 && _allocator.PoolOf(name) != pool) || (error is null && wanted.Count > 0 && !wanted.ToHashSet().SetEquals(present)))
            {
                present = Clear(name);
            }
        }

        if (present.Count == 0)
        {
            (present, error) = error is null ? Allocate(name, service, wanted, pool) : ([], error);
            if (error is not null)
            {
                _allocator.Unassign(name);
                Objects.Record(service, "Warning", "AllocationFailed", $"Failed to allocate IP for \"{name}\": {error}");
                await WriteAsync(service, [], null, cancellationToken);
                return;
            }

            Objects.Record(service, "Normal", "IPAllocated", $"Assigned IP {AddressAllocator.Quote(present)}");
        }

        await WriteAsync(service, present, _allocator.PoolOf(name), cancellationToken);
    }

    private (IReadOnlyList<IPAddress> Addresses, string? Error) Allocate(ObjectName name, JsonObject service, IReadOnlyList<IPAddress> wanted, string pool)
    {
        if (wanted.Count == 0)
        {
            return _allocator.Allocate(service, pool.Length > 0 ? pool : null);
        }

        var error = wanted.Any(address => AddressRange.IsSix(address) != Text(service, "spec.clusterIP").Contains(':', StringComparison.Ordinal)) && wanted.Count == 1
            ? $"requested loadBalancer IP(s) {AddressAllocator.Quote(wanted)} does not match the ipFamily of the service"
            : _allocator.Assign(service, wanted);
        return error is null && pool.Length > 0 && _allocator.PoolOf(name) != pool
            ? ([], $"requested loadBalancer IP(s) {AddressAllocator.Quote(wanted)} is not compatible with requested address pool {pool}")
            : (error is null ? wanted : [], error);
    }

    private static (IReadOnlyList<IPAddress> Addresses, string? Error) Wanted(JsonObject service)
    {
        var (annotated, specified) = (Annotation(service, "loadBalancerIPs"), Text(service, "spec.loadBalancerIP"));
        if (annotated.Length > 0 && specified.Length > 0)
        {
            return ([], $"service can not have both {Prefix}loadBalancerIPs and svc.Spec.LoadBalancerIP");
        }

        var addresses = new List<IPAddress>();
        foreach (var text in (annotated.Length > 0 ? annotated : specified).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPAddress.TryParse(text.Trim(), out var address))
            {
                return ([], annotated.Length > 0 ? $"invalid {Prefix}loadBalancerIPs: \"{annotated}\"" : $"invalid spec.loadBalancerIP \"{specified}\"");
            }

            addresses.Add(address);
        }

        return (addresses, null);
    }

    private IReadOnlyList<IPAddress> Clear(ObjectName name)
    {
        _allocator.Unassign(name);
        Retry();
        return [];
    }

    // What one has given up another may have been waiting for.
    private void Retry()
    {
        foreach (var waiting in _services.All.Where(service => IsBalanced(service) && Ingress(service).Count == 0))
        {
            Enqueue(ObjectName.Of(waiting));
        }
    }

    // After a restart nobody may be given what another one has.
    private void Restore()
    {
        if (_isRestored)
        {
            return;
        }

        _isRestored = true;
        foreach (var service in _services.All.Where(service => IsBalanced(service) && _options.Covers(Text(service, "metadata.namespace")) && Ingress(service).Count > 0))
        {
            _allocator.Assign(service, Ingress(service));
        }
    }

    private async Task WriteAsync(JsonObject service, IReadOnlyCollection<IPAddress> addresses, string? pool, CancellationToken cancellationToken)
    {
        if (!Ingress(service).SequenceEqual(addresses))
        {
            var status = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = addresses.Count == 0 ? null : new JsonArray([.. addresses.Select(address => new JsonObject { ["ip"] = address.ToString() })]) } };
            await Objects.MergeStatusAsync(Types.Service, ObjectName.Of(service), status, cancellationToken);
        }

        if ((string?)service["metadata"]?["annotations"]?[FromPool] != pool)
        {
            await Objects.MergeAsync(Types.Service, ObjectName.Of(service), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FromPool] = pool } } }, cancellationToken);
        }
    }

    /// <summary>Says in the status of the pools how much of them is in use.</summary>
    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        foreach (var pool in _allocator.Pools)
        {
            var (four, six) = (_allocator.InUse(pool.Name, isV6: false), _allocator.InUse(pool.Name, isV6: true));
            var status = new JsonObject
            {
                ["assignedIPv4"] = four,
                ["assignedIPv6"] = six,
                ["availableIPv4"] = Size(pool, isV6: false) - four,
                ["availableIPv6"] = Size(pool, isV6: true) - six,
            };
            if (_pools.Find(_options.Namespace, pool.Name) is { } item && status.Any(field => item["status"]?[field.Key] is null || Number(item, $"status.{field.Key}") != Number(status, field.Key)))
            {
                await Objects.MergeStatusAsync(Types.IpAddressPool, ObjectName.Of(item), status, cancellationToken);
            }
        }
    }

    private static long Size(AddressPool pool, bool isV6) =>
        pool.Ranges.Where(range => range.IsV6 == isV6).Sum(range => range.Last - range.First < long.MaxValue / 4 ? (long)(range.Last - range.First) + 1 : long.MaxValue / 4);

    private static bool IsBalanced(JsonObject service) => Text(service, "spec.type") == "LoadBalancer" && Text(service, "spec.loadBalancerClass").Length == 0;

    private static List<IPAddress> Ingress(JsonObject service) =>
        [.. Items(service, "status.loadBalancer.ingress").Select(item => IPAddress.TryParse(Text(item, "ip"), out var address) ? address : null).OfType<IPAddress>()];
}
