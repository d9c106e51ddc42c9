using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>What must hold within quotas and ranges: amounts that can be read, and no least that is more than the most.</summary>
internal static class LimitValidation
{
    private static readonly string[] Maps = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"];

    /// <summary>Checks one.</summary>
    /// <exception cref="ApiException">400: an amount cannot be read.</exception>
    public static void Check(JsonObject node, List<FieldError> errors)
    {
        foreach (var (_, amount) in At(node, "spec.hard") as JsonObject ?? [])
        {
            PodValidation.RequireQuantity(amount);
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
}
