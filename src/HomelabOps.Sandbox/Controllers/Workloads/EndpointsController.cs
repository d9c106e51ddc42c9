using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Says of each Service which pods are behind it: Endpoints, and the EndpointSlice of newer clusters.</summary>
internal sealed class EndpointsController : Controller
{
    private const string ServiceName = "kubernetes.io/service-name";
    private readonly Informer _services;
    private readonly Informer _pods;
    private readonly Informer _endpoints;
    private readonly Informer _slices;

    public EndpointsController(ControllerHost host)
        : base(host, "endpoint-controller")
    {
        _services = Watch(Types.Service);
        _pods = Watch(ResourceType.Pod, change => IsNews(change) ? Selecting(change) : []);

        // What was made here is looked at once more when it is known, since pods may have come meanwhile; what somebody deletes comes back.
        _endpoints = Watch(Types.Endpoints);
        _slices = Watch(Types.EndpointSlice, (JsonObject slice) => (string?)Selection.Labels(slice)?[ServiceName] is { } service ? [new(Text(slice, "metadata.namespace"), service)] : []);
    }

    protected override int Workers => 4;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        // The API collects what the Service owned; one without a selector is filled by whoever made it.
        if (_services.Find(name) is not { } service || Ownership.IsDeleting(service) || At(service, "spec.selector") is not JsonObject selector || Text(service, "spec.type") == "ExternalName")
        {
            return null;
        }

        // Those that are about to end are in the slice only, which can say so.
        var pods = _pods.In(name.Namespace).Where(pod => Selection.HasAll(selector, Selection.Labels(pod)) && Text(pod, "status.podIP").Length > 0 && !PodState.HasEnded(pod))
            .OrderBy(pod => Text(pod, "metadata.name"), StringComparer.Ordinal).ToList();
        await WriteAsync(Types.Endpoints, _endpoints.Find(name), ServiceEndpoints.Endpoints(service, [.. pods.Where(PodState.IsActive)]), cancellationToken);
        var slice = _slices.In(name.Namespace).FirstOrDefault(item => (string?)item["metadata"]?["labels"]?[ServiceName] == name.Name);
        var suffix = slice is null ? NameSuffix.Of(Host.Seed, $"EndpointSlice/{name}", 0) : "";
        await WriteAsync(Types.EndpointSlice, slice, ServiceEndpoints.Slice(service, pods, slice is null ? $"{name.Name}-{suffix}" : Text(slice, "metadata.name")), cancellationToken);
        return null;
    }

    private async Task WriteAsync(ResourceType type, JsonObject? present, JsonObject wanted, CancellationToken cancellationToken)
    {
        if (present is null)
        {
            await Objects.CreateAsync(type, wanted, cancellationToken);
        }
        else if (ServiceEndpoints.Fields.Any(field => !JsonNode.DeepEquals(present[field], wanted[field])))
        {
            var changed = present.DeepClone().AsObject();
            foreach (var field in ServiceEndpoints.Fields)
            {
                changed.Remove(field);
                if (wanted[field] is { } value)
                {
                    changed[field] = value.DeepClone();
                }
            }

            await Objects.ReplaceAsync(type, changed, cancellationToken);
        }
    }

    private static bool IsNews(ObjectChange change) => change.Before is not { } before || change.After is not { } after
        || Conditions.IsReady(before) != Conditions.IsReady(after) || PodState.IsActive(before) != PodState.IsActive(after)
        || Text(before, "status.podIP") != Text(after, "status.podIP") || !JsonNode.DeepEquals(Selection.Labels(before), Selection.Labels(after));

    private IEnumerable<ObjectName> Selecting(ObjectChange change) => _services.In(ObjectName.Of(change.Latest).Namespace)
        .Where(service => At(service, "spec.selector") is JsonObject selector
            && new[] { change.Before, change.After }.Any(pod => pod is not null && Selection.HasAll(selector, Selection.Labels(pod))))
        .Select(ObjectName.Of);
}
