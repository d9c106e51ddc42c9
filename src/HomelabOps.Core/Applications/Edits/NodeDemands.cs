using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Applications.Edits;

/// <summary>Works out which demands of an application on its node must change so that another node meets them.</summary>
/// <param name="app">The application's name, for errors.</param>
/// <param name="move">The nodes.</param>
internal sealed class NodeDemands(string app, AppMove move)
{
    private static readonly (string List, bool IsField)[] Lists = [("matchExpressions", false), ("matchFields", true)];

    // What programs are built for: another value would let them start where they cannot run.
    private static readonly string[] OfMachines = ["kubernetes.io/arch", "kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/os"];

    /// <summary>The values that change.</summary>
    /// <param name="fields">The application's fields.</param>
    /// <param name="content">What they are found in.</param>
    /// <exception cref="HomelabException">AppNodeUnmovable.</exception>
    public IEnumerable<MovedValue> Moves(IReadOnlyList<AppField> fields, JsonObject content)
    {
        var demands = fields.Where(field => field.Field == ManifestField.Node).ToLookup(field => field.Item);
        var affinities = demands["nodeAffinity"].Select(field => Terms(field.Scalars[0].Path)).DistinctBy(path => path.ToString());
        return demands["nodeSelector"].SelectMany(field => OfLabel(field.Scalars[0], field.Scalars[0].Path.Steps[^1].Key!))
            .Concat(affinities.SelectMany(path => OfAffinity(content, path)))
            .Concat(demands.Where(group => group.Key is not ("nodeSelector" or "nodeAffinity")).SelectMany(group => group).SelectMany(field => Change(field.Scalars[0], move.To.Name)));
    }

    private static ObjectPath Terms(ObjectPath path) => new([.. path.Steps.Take(path.Steps.Index().First(step => step.Item.Key == "nodeSelectorTerms").Index + 1)]);

    private static IEnumerable<MovedValue> Change(FieldScalar scalar, string wanted) => scalar.Text == wanted ? [] : [new(scalar, scalar.Text, wanted, "node")];

    private IEnumerable<MovedValue> OfLabel(FieldScalar scalar, string label)
    {
        var demand = $"{label}={scalar.Text}";
        return !move.To.Labels.TryGetValue(label, out var value) ? throw Errors.AppNodeUnmovable(app, demand, label, move.To.Name)
            : value != scalar.Text && OfMachines.Contains(label, StringComparer.Ordinal) ? throw Errors.AppNodeExcluded(app, demand, move.To.Name)
            : Change(scalar, value);
    }

    // One term is enough. Those that hold the application where it is are changed, and not what is meant for other nodes.
    private IEnumerable<MovedValue> OfAffinity(JsonObject content, ObjectPath path)
    {
        var terms = ObjectText.Items(path.Find(content)).Select(entry => Expressions(entry.Item, path.Then(entry.Index, entry.Item)).ToArray()).ToArray();
        if (terms.Any(term => Holds(term, move.To)))
        {
            return [];
        }

        var present = terms.Where(term => move.From is not null && Holds(term, move.From)).ToArray();
        var results = (present.Length > 0 ? present : terms).Select(OfTerm).ToArray();
        return results.Any(result => result.Refused is null) ? results.SelectMany(result => result.Moves) : throw results[0].Refused!;
    }

    private static IEnumerable<(NodeExpressionWire Wire, ObjectPath Path, bool IsField)> Expressions(JsonObject term, ObjectPath path) => Lists.SelectMany(list => ObjectText.Items(term[list.List]).Select(entry => (
        new NodeExpressionWire
        {
            Key = ObjectText.At(entry.Item, "key"),
            Operator = ObjectText.At(entry.Item, "operator"),
            Values = [.. (entry.Item["values"] as JsonArray ?? []).Select(value => Scalars.Text(value) ?? "")],
        },
        path.Then(list.List).Then(entry.Index, entry.Item),
        list.IsField)));

    private static bool Holds((NodeExpressionWire Wire, ObjectPath Path, bool IsField)[] term, MoveNode node) => term.Length > 0 && Array.TrueForAll(term, expression => Holds(expression, node));

    private static bool Holds((NodeExpressionWire Wire, ObjectPath Path, bool IsField) expression, MoveNode node) => NodeTerms.Holds(expression.Wire, expression.IsField ? node.Fields : node.Labels);

    private (IReadOnlyList<MovedValue> Moves, HomelabException? Refused) OfTerm((NodeExpressionWire Wire, ObjectPath Path, bool IsField)[] term)
    {
        var moves = new List<MovedValue>();
        foreach (var (wire, path, isField) in term.Where(expression => !Holds(expression, move.To)))
        {
            if (wire.Operator != "In" || wire.Values!.Count == 0 || OfMachines.Contains(wire.Key, StringComparer.Ordinal))
            {
                return ([], Errors.AppNodeExcluded(app, NodeTerms.Describe(wire), move.To.Name));
            }

            if (!(isField ? move.To.Fields : move.To.Labels).TryGetValue(wire.Key!, out var wanted))
            {
                return ([], Errors.AppNodeUnmovable(app, NodeTerms.Describe(wire), wire.Key!, move.To.Name));
            }

            var present = (isField ? move.From?.Fields : move.From?.Labels)?.GetValueOrDefault(wire.Key!);
            var index = Math.Max(0, wire.Values.IndexOf(present ?? ""));
            moves.Add(new(new(path.Then("values").Then(index, null), ScalarRole.Plain, wire.Values[index]), wire.Values[index], wanted, "node"));
        }

        return (moves, null);
    }
}
