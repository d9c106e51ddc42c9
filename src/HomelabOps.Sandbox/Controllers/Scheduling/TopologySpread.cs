using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>How a pod is to be spread together with those of its kind: what it requires, and what is wished.</summary>
internal sealed class TopologySpread
{
    private const string Broken = "node(s) didn't match pod topology spread constraints";

    private readonly JsonObject _pod;
    private readonly IReadOnlyList<JsonObject> _nodes;
    private readonly PlacedPods _placed;
    private readonly List<SpreadConstraint> _required;
    private readonly IReadOnlyList<SpreadConstraint> _wished;
    private readonly bool _isUsual;
    private readonly List<(SpreadConstraint Constraint, Dictionary<string, int> Domains, long Limit)> _limits;

    /// <param name="pod">The pod that is to be placed.</param>
    /// <param name="belonging">Which pods belong together with it, where it says nothing itself; null for none.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="placed">The pods that have a node.</param>
    public TopologySpread(JsonObject pod, Func<JsonObject, JsonObject?> belonging, IReadOnlyList<JsonObject> nodes, PlacedPods placed)
    {
        (_pod, _nodes, _placed) = (pod, nodes, placed);
        var own = SpreadConstraint.Of(pod);
        _isUsual = own.Count == 0;
        _required = [.. own.Where(constraint => constraint.IsRequired)];
        _wished = !_isUsual ? [.. own.Where(constraint => !constraint.IsRequired)] : belonging(pod) is { } selector ? SpreadConstraint.Usual(selector) : [];
        _limits = [.. _required.Select(Limit)];
    }

    /// <summary>Whether a pod requires to be spread, so that it depends on other pods where it can run.</summary>
    public static bool IsRequired(JsonObject pod) => SpreadConstraint.Of(pod).Any(constraint => constraint.IsRequired);

    /// <summary>Why a node is not one for the pod; null when it is.</summary>
    public string? Refusal(JsonObject node)
    {
        foreach (var (constraint, domains, limit) in _limits)
        {
            if (Domain(node, constraint) is not { } domain)
            {
                return Broken + " (missing required label)";
            }

            if (domains.GetValueOrDefault(domain) > limit)
            {
                return Broken;
            }
        }

        return null;
    }

    /// <summary>Points of nodes that fit, from 0 to 100: more for those that have fewer pods of the kind.</summary>
    public double[] Scores(IReadOnlyList<JsonObject> fitting)
    {
        var counted = fitting.Select(node => _isUsual || HasAll(node, _wished)).ToArray();
        var crowds = new double[fitting.Count];
        foreach (var constraint in _wished)
        {
            var isHost = constraint.Label == SpreadConstraint.HostLabel;
            var counts = isHost ? Counts(constraint) : Domains(constraint, _isUsual ? [] : _wished);
            var size = isHost ? counted.Count(one => one) : fitting.Where((_, index) => counted[index]).Select(node => Domain(node, constraint)).OfType<string>().Distinct(StringComparer.Ordinal).Count();
            var weight = Math.Log(size + 2);
            for (var index = 0; index < crowds.Length; index++)
            {
                if (Domain(fitting[index], constraint) is { } domain)
                {
                    crowds[index] += (counts.GetValueOrDefault(isHost ? Name(fitting[index]) : domain) * weight) + constraint.MaxSkew - 1;
                }
            }
        }

        var compared = crowds.Where((_, index) => counted[index]).DefaultIfEmpty().ToList();
        var (least, most) = (compared.Min(), compared.Max());
        return [.. crowds.Select((crowd, index) => !counted[index] ? 0 : most == 0 ? 100 : 100 * (most + least - crowd) / most)];
    }

    private static string Name(JsonObject node) => Cells.Text(node, "metadata.name");

    private static string? Domain(JsonObject node, SpreadConstraint constraint) => (string?)node["metadata"]?["labels"]?[constraint.Label];

    private static bool HasAll(JsonObject node, IEnumerable<SpreadConstraint> constraints) => constraints.All(constraint => Domain(node, constraint) is not null);

    // The pod itself counts where it is of the kind that it is spread with.
    private (SpreadConstraint Constraint, Dictionary<string, int> Domains, long Limit) Limit(SpreadConstraint constraint)
    {
        var domains = Domains(constraint, _required);
        var least = domains.Count < constraint.MinDomains ? 0 : domains.Values.DefaultIfEmpty().Min();
        var own = LabelMatch.Selects(constraint.Selector, _pod["metadata"]?["labels"] as JsonObject) ? 1 : 0;
        return (constraint, domains, constraint.MaxSkew + least - own);
    }

    /// <summary>The number of pods in each domain, of the nodes that have the labels of all these constraints.</summary>
    private Dictionary<string, int> Domains(SpreadConstraint constraint, IReadOnlyList<SpreadConstraint> all)
    {
        var counts = Counts(constraint);
        var domains = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in _nodes)
        {
            if (Domain(node, constraint) is { } domain && HasAll(node, all)
                && (!constraint.HonorsAffinity || NodeFit.IsChosen(node, _pod))
                && (!constraint.HonorsTaints || LabelMatch.Untolerated(node, _pod, "NoSchedule", "NoExecute") is null))
            {
                domains[domain] = domains.GetValueOrDefault(domain) + counts.GetValueOrDefault(Name(node));
            }
        }

        return domains;
    }

    private IReadOnlyDictionary<string, int> Counts(SpreadConstraint constraint) =>
        constraint.Selector is { } selector ? _placed.Count(ObjectName.Of(_pod).Namespace, selector) : new Dictionary<string, int>();
}
