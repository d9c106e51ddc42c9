using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>What must hold within quotas and ranges: amounts that can be read, and no least that is more than the most.</summary>
internal static class LimitValidation
{
    private static readonly string[] HugePages = ["hugepages-", "requests.hugepages-"];
    private static readonly HashSet<string> Bounded = new(
        [
            "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
            "pods", "resourcequotas", "services", "services.nodeports", "services.loadbalancers", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims",
        ],
        StringComparer.Ordinal);

    private static readonly string[] Maps = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"];

    /// <summary>Checks one.</summary>
    /// <exception cref="ApiException">400: an amount cannot be read.</exception>
    public static void Check(JsonObject node, List<FieldError> errors)
    {
        foreach (var (name, amount) in At(node, "spec.hard") as JsonObject ?? [])
        {
            Name(name, $"spec.hard[{name}]", errors);
            if (PodValidation.RequireQuantity(amount) < 0)
            {
                errors.Add(FieldError.Invalid($"spec.hard[{name}]", amount!.ToString(), "must be greater than or equal to 0"));
            }
        }

        foreach (var (range, path) in PodValidation.Items(node["spec"] as JsonObject ?? [], "limits", "spec"))
        {
            foreach (var amount in Maps.SelectMany(map => range[map] as JsonObject ?? []).Select(field => field.Value))
            {
                PodValidation.RequireQuantity(amount);
            }

            foreach (var (resource, least) in range["min"] as JsonObject ?? [])
            {
                if (range["max"]?[resource] is { } most && PodValidation.RequireQuantity(least) > PodValidation.RequireQuantity(most))
                {
                    errors.Add(FieldError.Invalid($"{path}.min[{resource}]", least, $"min value {least} is greater than max value {most}"));
                }
            }
        }
    }

    private static void Name(string name, string path, List<FieldError> errors)
    {
        var isKnown = Bounded.Contains(name) || HugePages.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        var problems = NameRules.QualifiedProblems(name).ToArray();
        errors.AddRange(problems.Select(wrong => FieldError.Invalid(path, name, wrong)));
        if (!isKnown && !name.Contains('/', StringComparison.Ordinal))
        {
            // Claims ask for storage, but it is requests.storage that has a bound.
            errors.AddRange(problems.Length > 0 || name == "storage" ? [] : [FieldError.Invalid(path, name, "must be a standard resource type or fully qualified")]);
            errors.Add(FieldError.Invalid(path, name, "must be a standard resource for quota"));
        }
    }
}
