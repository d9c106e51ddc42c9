using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Workloads;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Which pods belong together with a pod: those of the same Services, ReplicaSet and StatefulSet.</summary>
internal sealed class WorkloadSelectors(ControllerHost host)
{
    private readonly Informer _services = host.Informer(Types.Service);
    private readonly Informer _replicaSets = host.Informer(Types.ReplicaSet);
    private readonly Informer _controllers = host.Informer(Types.ReplicationController);
    private readonly Informer _statefulSets = host.Informer(Types.StatefulSet);

    /// <summary>What selects all of them; null when the pod belongs to nothing.</summary>
    public JsonObject? Of(JsonObject pod)
    {
        var (space, labels) = (ObjectName.Of(pod).Namespace, pod["metadata"]?["labels"] as JsonObject);
        var owner = Ownership.ControllerOf(pod);
        var own = Cells.Text(owner, "kind") switch
        {
            "ReplicaSet" => Cells.At(_replicaSets.Find(space, Cells.Text(owner, "name")), "spec.selector"),
            "StatefulSet" => Cells.At(_statefulSets.Find(space, Cells.Text(owner, "name")), "spec.selector"),
            "ReplicationController" when _controllers.Find(space, Cells.Text(owner, "name")) is { } controller => Selection.Of(Types.ReplicationController, controller),
            _ => null,
        };
        var services = _services.In(space).Select(service => Cells.At(service, "spec.selector")).OfType<JsonObject>().Where(selector => selector.Count > 0 && LabelMatch.ContainsAll(selector, labels));

        // They all hold of this pod, so what two of them say is the same. In order, because the same selector is written in the same way then.
        var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in services.Append(own?["matchLabels"] as JsonObject ?? []).SelectMany(selector => selector))
        {
            wanted[name] = (string?)value ?? "";
        }

        var expressions = own?["matchExpressions"] as JsonArray ?? [];
        return wanted.Count + expressions.Count == 0 ? null : new()
        {
            ["matchLabels"] = new JsonObject(wanted.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["matchExpressions"] = expressions.DeepClone(),
        };
    }
}
