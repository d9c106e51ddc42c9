using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>How important a pod is, which its class says; a client cannot say it otherwise.</summary>
internal static class PodPriority
{
    private const string Usual = "PreemptLowerPriority";

    public static void Resolve(ApiContext context, JsonObject spec, JsonObject metadata)
    {
        var (priority, policy) = (0, Usual);
        if (Class(context, spec, metadata) is { } found)
        {
            spec["priorityClassName"] = (string?)found["metadata"]!["name"];
            (priority, policy) = ((int)(Numbers.Whole(found["value"]) ?? 0), (string?)found["preemptionPolicy"] ?? Usual);
        }

        if (Numbers.Whole(spec["priority"]) is { } own && own != priority)
        {
            throw Refusal(context, metadata, $"the integer value of priority ({own}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        if ((string?)spec["preemptionPolicy"] is { } other && other != policy)
        {
            throw Refusal(context, metadata, $"the string value of PreemptionPolicy ({other}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name");
        }

        (spec["priority"], spec["preemptionPolicy"]) = (priority, policy);
    }

    /// <summary>Only one class can be that of pods that name none.</summary>
    public static void CheckDefault(ApiContext context, JsonObject node)
    {
        var name = MetadataRules.Text(MetadataRules.Of(node), "name");
        if ((bool?)node["globalDefault"] == true && GlobalDefaults(context).FirstOrDefault(other => (string?)other["metadata"]!["name"] != name) is { } other)
        {
            throw ApiErrors.ForbiddenObject(context.Kinds.FindKind("scheduling.k8s.io/v1", "PriorityClass")!.Value.Kind, name, $"PriorityClass {(string?)other["metadata"]!["name"]} is already marked as default. Only one default can exist");
        }
    }

    private static JsonObject? Class(ApiContext context, JsonObject spec, JsonObject metadata)
    {
        if ((string?)spec["priorityClassName"] is not { Length: > 0 } name)
        {
            return GlobalDefaults(context).MinBy(item => Numbers.Whole(item["value"]));
        }

        return context.Collection("scheduling.k8s.io/v1", "PriorityClass").Find(new("", name))?.ToNode() ?? throw Refusal(context, metadata, $"no PriorityClass with name {name} was found");
    }

    private static IEnumerable<JsonObject> GlobalDefaults(ApiContext context) =>
        context.Collection("scheduling.k8s.io/v1", "PriorityClass").Read("").Objects.Select(item => item.ToNode()).Where(item => (bool?)item["globalDefault"] == true);

    private static ApiException Refusal(ApiContext context, JsonObject metadata, string why) =>
        ApiErrors.ForbiddenObject(context.Kinds.FindKind("v1", "Pod")!.Value.Kind, MetadataRules.Text(metadata, "name"), why);
}
