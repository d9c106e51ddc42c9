using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The pod that a template describes.</summary>
internal static class PodBlueprint
{
    /// <summary>A pod of an owner: its template's labels, annotations, finalizers and spec, under this name.</summary>
    public static JsonObject Of(ResourceType type, JsonObject owner, JsonNode? template, string name)
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["generateName"] = $"{Text(owner, "metadata.name")}-",
            ["namespace"] = Text(owner, "metadata.namespace"),
        };
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            if (At(template, $"metadata.{field}") is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        metadata["ownerReferences"] = new JsonArray(Ownership.Reference(type, owner));
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template?["spec"]?.DeepClone() ?? new JsonObject(),
        };
    }
}
