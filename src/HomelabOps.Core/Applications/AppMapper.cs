using System.Text.Json.Nodes;
using HomelabOps.Core.Applications.Wire;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Applications;

/// <summary>Makes records of applications.</summary>
/// <param name="facts">What was read of the cluster.</param>
/// <param name="config">What is primary and what is backup.</param>
/// <param name="cluster">Name of the connection.</param>
internal sealed class AppMapper(AppFacts facts, HomelabConfig config, string cluster)
{
    private readonly AppNodes _nodes = new(facts.Nodes, config);
    private readonly ClaimPattern _claim = new(config.ClaimPattern);
    private readonly ClaimPattern _backup = new(config.BackupClaimPattern);

    // By the claims that they copy: hundreds of applications would each go through all of them.
    private readonly ILookup<(string Space, string Claim), (int Place, ObjectNode Item)> _replications = facts.Replications
        .SelectMany((item, place) => ClaimsOf(item.Json).Select(claim => (Key: (item.Metadata.Namespace ?? "", claim), Value: (place, item)))).ToLookup(pair => pair.Key, pair => pair.Value);

    /// <summary>The application of a workload. What applies it is taken from labels.</summary>
    public HomelabApp Map(Workload workload)
    {
        var space = workload.Reference.Namespace;
        var rollout = RolloutState.Of(workload);
        HomelabPod[] pods = [.. facts.Pods[workload.Reference].OrderByDescending(pod => pod.Ready).ThenBy(pod => pod.Name, StringComparer.Ordinal)];
        HomelabAppVolume[] volumes = [.. workload.Claims.Select(claim => Volume(space, claim))];
        ServiceWire[] services = [.. facts.Services[space].Where(service => Selects(service, workload)).OrderBy(service => service.Metadata.Name, StringComparer.Ordinal)];
        var images = (workload.Template?.Spec?.Containers ?? []).Select(container => container.Image ?? "").ToArray();
        var owner = FluxOwner.Of(workload.Wire.Metadata.Label, cluster);
        var record = new HomelabApp
        {
            Cluster = cluster,
            Kind = workload.Reference.Kind,
            Namespace = space,
            Name = workload.Reference.Name,
            Image = images.FirstOrDefault() ?? "",
            Images = images,
            Replicas = rollout.Replicas,
            ReadyReplicas = rollout.Ready,
            UpdatedReplicas = rollout.Updated,
            AvailableReplicas = rollout.Available,
            Node = Array.Find(pods, pod => pod.Node.Length > 0)?.Node ?? "",
            Nodes = [.. pods.Select(pod => pod.Node).Where(node => node.Length > 0).Distinct(StringComparer.Ordinal)],
            HomeNode = Array.Find(volumes, volume => volume.Node.Length > 0)?.Node ?? "",
            Pods = pods,
            Services = [.. services.Select(Service)],
            Ingresses = [.. facts.Ingresses[space].SelectMany(ingress => Ingress(ingress, services))],
            Volumes = volumes,
            Replications = [.. ReplicationsOf(workload).Select(item => new ResourceReference(cluster, (string?)item.Json["kind"] ?? "", space, item.Metadata.Name))],
            HelmRelease = owner?.Kind == FluxKind.HelmRelease ? owner : null,
            Kustomization = owner?.Kind == FluxKind.Kustomization ? owner : null,
            Labels = WireMapping.Labels(workload.Wire.Metadata),
            Age = WireMapping.Age(workload.Wire.Metadata.CreationTimestamp),
            Conditions = WireMapping.Conditions(workload.Wire.Status?.Conditions),
        };
        return WithHealth(record with { Side = _nodes.SideOf(record.Node.Length > 0 ? record.Node : record.HomeNode) }, workload, rollout);
    }

    private static HomelabApp WithHealth(HomelabApp record, Workload workload, RolloutState rollout)
    {
        var isCronJob = record.Kind == WorkloadTypes.CronJob;
        var isWanted = isCronJob ? workload.Wire.Spec?.Suspend != true : rollout.Replicas > 0;
        var trouble = record.Pods.FirstOrDefault(pod => !pod.Healthy && pod.Status != "Terminating");
        record = record with { Ready = isWanted && rollout.Ready >= rollout.Replicas, Healthy = trouble is null && rollout.Complete };
        return record switch
        {
            { Healthy: true } when isWanted => record,
            { Healthy: true } => record with { Reason = isCronJob ? "Suspended" : "ScaledToZero", Message = Errors.Text(isCronJob ? "Detail_AppSuspended" : "Detail_AppScaledToZero") },
            _ when trouble is { Reason.Length: > 0 } => record with { Reason = trouble.Reason, Message = trouble.Message },
            _ => record with { Reason = rollout.Reason, Message = rollout.Message },
        };
    }

    private static bool Selects(ServiceWire service, Workload workload) => service.Spec?.Selector is { Count: > 0 } selector
        && selector.All(pair => workload.PodLabels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private HomelabAppService Service(ServiceWire service)
    {
        var points = service.Status?.LoadBalancer?.Ingress ?? [];
        return new()
        {
            Name = service.Metadata.Name,
            Type = service.Spec?.Type ?? "ClusterIP",
            ClusterIP = service.Spec?.ClusterIP ?? "",
            ExternalIP = string.Join(',', points.Select(Point).Concat(service.Spec?.ExternalIPs ?? [])),
            Ports = [.. (service.Spec?.Ports ?? []).Select(port => new HomelabAppPort(port.Port, port.TargetPort.ValueKind == System.Text.Json.JsonValueKind.Undefined ? $"{port.Port}" : port.TargetPort.ToString(), port.Protocol ?? "TCP", port.Name ?? ""))],
            ReadyEndpoints = facts.EndpointsOf.GetValueOrDefault((service.Metadata.Namespace ?? "", service.Metadata.Name))?.Subsets?
                .SelectMany(subset => subset.Addresses ?? []).Select(address => address.Ip).Distinct(StringComparer.Ordinal).Count() ?? 0,
        };
    }

    // One for each host that leads to one of the Services.
    private static IEnumerable<HomelabAppIngress> Ingress(IngressWire ingress, ServiceWire[] services)
    {
        var spec = ingress.Spec ?? new();
        var hosts = (spec.Rules ?? []).Where(rule => rule.Http?.Paths?.Exists(path => Leads(path.Backend)) == true).Select(rule => rule.Host is { Length: > 0 } host ? host : "*");
        var all = Leads(spec.DefaultBackend) ? hosts.Append("*") : hosts;
        return all.Distinct(StringComparer.OrdinalIgnoreCase).Select(host => new HomelabAppIngress
        {
            Name = ingress.Metadata.Name,
            Host = host,
            Class = spec.IngressClassName ?? ingress.Metadata.Annotations?.GetValueOrDefault("kubernetes.io/ingress.class") ?? "",
            Tls = spec.Tls?.Exists(tls => tls.Hosts is not { Count: > 0 } named || named.Contains(host, StringComparer.OrdinalIgnoreCase)) == true,
            Address = string.Join(',', (ingress.Status?.LoadBalancer?.Ingress ?? []).Select(Point)),
        });

        bool Leads(IngressBackendWire? backend) => Array.Exists(services, service => service.Metadata.Name == backend?.Service?.Name);
    }

    private static string Point(IngressPointWire point) => point.Ip ?? point.Hostname ?? "";

    private HomelabAppVolume Volume(string space, string name)
    {
        if (!facts.Claims.TryGetValue((space, name), out var claim))
        {
            return new() { Claim = name, Phase = "Missing" };
        }

        var volume = claim.Spec?.VolumeName is { Length: > 0 } bound ? facts.Volumes.GetValueOrDefault(bound) : null;
        return new()
        {
            Claim = name,
            Volume = claim.Spec?.VolumeName ?? "",
            Phase = claim.Status?.Phase ?? "",
            Node = _nodes.HomeOf(volume?.Spec?.NodeAffinity),
            Path = VolumeFields.PathOf(volume),
            Capacity = (claim.Status?.Capacity ?? volume?.Spec?.Capacity)?.GetValueOrDefault("storage") is { } size ? Quantity.Whole(size) : null,
        };
    }

    // By its claims, and by those that they have on the other node.
    private IEnumerable<ObjectNode> ReplicationsOf(Workload workload) => workload.Claims.Append(_claim.NameOf(workload.Reference.Name)).Append(_backup.NameOf(workload.Reference.Name))
        .SelectMany(claim => _replications[(workload.Reference.Namespace, claim)]).DistinctBy(found => found.Place).OrderBy(found => found.Place).Select(found => found.Item);

    private static IEnumerable<string> ClaimsOf(JsonObject replication)
    {
        var spec = replication["spec"] as JsonObject ?? [];
        return spec.Where(field => field.Key == "sourcePVC").Select(field => field.Value)
            .Concat(spec.Select(field => (field.Value as JsonObject)?["destinationPVC"])).OfType<JsonValue>().Select(value => value.ToString()).Distinct(StringComparer.Ordinal);
    }
}
