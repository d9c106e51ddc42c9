using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>Which nodes a node selector of a pod or a volume means, and which of them are ready.</summary>
internal static class NodeTerms
{
    /// <summary>Whether its kubelet reports that it is ready.</summary>
    public static bool IsReady(NodeWire node) => node.Status?.Conditions?.Exists(condition => condition is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The same of a node as it was read.</summary>
    public static bool IsReady(JsonObject node) => IsReady(node.Deserialize(WireContext.Default.NodeWire)!);

    /// <summary>Whether one of the terms holds. Terms without expressions hold never; no selector at all means every node.</summary>
    public static bool Select(NodeTermsWire? selector, NodeWire node) =>
        selector is null || (selector.NodeSelectorTerms ?? []).Exists(term => Holds(term, node));

    /// <summary>Whether an expression holds for labels. Of label selectors only the first four operators are used.</summary>
    public static bool Holds(NodeExpressionWire expression, IReadOnlyDictionary<string, string>? labels)
    {
        var value = labels?.GetValueOrDefault(expression.Key ?? "");
        return expression.Operator switch
        {
            "In" => value is not null && expression.Values?.Contains(value) == true,
            "NotIn" => value is null || expression.Values?.Contains(value) != true,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "Gt" => Compare(value, expression.Values) > 0,
            "Lt" => Compare(value, expression.Values) < 0,
            _ => false,
        };
    }

    /// <summary>The selector as people write it: <c>role In (primary)</c>, terms with <c>or</c> between them.</summary>
    public static string Describe(NodeTermsWire? selector) => string.Join(
        " or ",
        (selector?.NodeSelectorTerms ?? []).Select(term => string.Join(", ", (term.MatchExpressions ?? []).Concat(term.MatchFields ?? []).Select(Describe))));

    /// <summary>An expression as people write it.</summary>
    public static string Describe(NodeExpressionWire expression) =>
        expression.Values is { Count: > 0 } values ? $"{expression.Key} {expression.Operator} ({string.Join(", ", values)})" : $"{expression.Key} {expression.Operator}";

    private static bool Holds(NodeTermWire term, NodeWire node)
    {
        var (labels, fields) = (term.MatchExpressions ?? [], term.MatchFields ?? []);
        return labels.Count + fields.Count > 0
            && labels.TrueForAll(expression => Holds(expression, node.Metadata.Labels))
            && fields.TrueForAll(expression => Holds(expression, new Dictionary<string, string> { ["metadata.name"] = node.Metadata.Name }));
    }

    private static int Compare(string? value, List<string>? values) =>
        values is [var limit] && long.TryParse(value, CultureInfo.InvariantCulture, out var left) && long.TryParse(limit, CultureInfo.InvariantCulture, out var right) ? left.CompareTo(right) : 0;
}
