using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Selectors as they stand in specs: of labels, of nodes, and tolerations of taints.</summary>
internal static class LabelMatch
{
    /// <summary>matchLabels and matchExpressions; one that is absent matches nothing, an empty one everything.</summary>
    public static bool Selects(JsonNode? selector, JsonObject? labels)
    {
        if (selector is not JsonObject)
        {
            return false;
        }

        return ContainsAll(selector["matchLabels"] as JsonObject, labels) && Cells.Items(selector, "matchExpressions").All(expression => Holds(expression, labels));
    }

    /// <summary>All of these labels are there with these values.</summary>
    public static bool ContainsAll(JsonObject? wanted, JsonObject? labels) => wanted is null || wanted.All(label => labels?[label.Key] is { } value && (string?)value == (string?)label.Value);

    /// <summary>One of the terms of a node selector holds: all of its expressions on labels and fields. Terms without any hold never.</summary>
    public static bool SelectsNode(JsonNode? selector, JsonObject node) => Cells.Items(selector, "nodeSelectorTerms").Any(term => TermHolds(term, node));

    /// <summary>A single term, as preferences have it.</summary>
    public static bool TermHolds(JsonNode? term, JsonObject node)
    {
        var (labels, fields) = (Cells.Items(term, "matchExpressions").ToList(), Cells.Items(term, "matchFields").ToList());
        return labels.Count + fields.Count > 0
            && labels.TrueForAll(expression => Holds(expression, node["metadata"]?["labels"] as JsonObject))
            && fields.TrueForAll(expression => Holds(expression, new JsonObject { ["metadata.name"] = Cells.Text(node, "metadata.name") }));
    }

    /// <summary>The first taint with one of these effects that the pod does not bear; null when it bears all.</summary>
    public static JsonObject? Untolerated(JsonObject node, JsonObject pod, params ReadOnlySpan<string> effects)
    {
        foreach (var taint in Cells.Items(node, "spec.taints"))
        {
            if (effects.Contains(Cells.Text(taint, "effect")) && !Cells.Items(pod, "spec.tolerations").Any(toleration => Tolerates(toleration, taint)))
            {
                return taint;
            }
        }

        return null;
    }

    /// <summary>Whether a toleration is about a taint.</summary>
    public static bool Tolerates(JsonObject toleration, JsonObject taint)
    {
        var (key, effect) = (Cells.Text(toleration, "key"), Cells.Text(toleration, "effect"));
        var isExists = Cells.Text(toleration, "operator", "Equal") == "Exists";
        return (effect.Length == 0 || effect == Cells.Text(taint, "effect"))
            && (key.Length == 0 ? isExists : key == Cells.Text(taint, "key"))
            && (isExists || Cells.Text(toleration, "value") == Cells.Text(taint, "value"));
    }

    private static bool Holds(JsonObject expression, JsonObject? labels)
    {
        var value = (string?)labels?[Cells.Text(expression, "key")];
        var values = (expression["values"] as JsonArray ?? []).Select(item => (string?)item ?? "").ToList();
        return Cells.Text(expression, "operator") switch
        {
            "In" => value is not null && values.Contains(value),
            "NotIn" => value is null || !values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "Gt" => Compare(value, values) > 0,
            "Lt" => Compare(value, values) < 0,
            _ => false,
        };
    }

    private static int Compare(string? value, List<string> values) =>
        values is [var limit] && long.TryParse(value, CultureInfo.InvariantCulture, out var left) && long.TryParse(limit, CultureInfo.InvariantCulture, out var right) ? left.CompareTo(right) : 0;
}
