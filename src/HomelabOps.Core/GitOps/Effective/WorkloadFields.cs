using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Reads the fields of a workload.</summary>
internal static class WorkloadFields
{
    private const string HostName = "kubernetes.io/hostname";
    private static readonly string[] Lists = ["initContainers", "containers"];
    private static readonly string[] Amounts = ["requests", "limits"];
    private static readonly string[] Matches = ["matchExpressions", "matchFields"];

    /// <summary>The fields that it has.</summary>
    /// <param name="item">The workload as it is applied.</param>
    /// <param name="raw">The same before variables were put in, whose names lead to where fields are written.</param>
    public static IEnumerable<AppField> Of(JsonObject item, JsonObject raw)
    {
        if (Scalar(item, ObjectPath.Of("spec", "replicas"), ScalarRole.Replicas) is { } replicas)
        {
            yield return new() { Field = ManifestField.Replicas, Value = replicas.Text, Scalars = [replicas] };
        }

        if (PodTemplate.Of(item) is not { } template)
        {
            yield break;
        }

        var pod = ObjectPath.Of(template.Path);
        foreach (var field in Containers(item, raw, pod).Concat(Claims(item, raw, pod)).Concat(Nodes(item, pod)))
        {
            yield return field;
        }
    }

    /// <summary>The labels that a pod asks of its node; an empty value is asked for, too.</summary>
    public static IEnumerable<AppField> Selector(JsonNode? root, ObjectPath selector)
    {
        foreach (var (label, value) in selector.Find(root) as JsonObject ?? [])
        {
            if (Scalars.Text(value) is { } text)
            {
                yield return Node("nodeSelector", Labelled(label, text), new(selector.Then(label), ScalarRole.Plain, text));
            }
        }
    }

    /// <summary>What an affinity demands of nodes, as selectors of labels write it: <c>role=primary</c>, <c>role!=backup</c>, <c>disk</c>, <c>!disk</c>, <c>cores&gt;4</c>; of hosts only their names.</summary>
    public static IEnumerable<AppField> Affinity(JsonNode? root, ObjectPath affinity)
    {
        foreach (var (expression, path) in Items(root, NodeTerms(affinity), root).SelectMany(term => Matches.SelectMany(key => Items(root, term.Path.Then(key), root))))
        {
            var (key, way) = (ObjectText.At(expression, "key"), ObjectText.At(expression, "operator"));
            if (way is "Exists" or "DoesNotExist")
            {
                yield return Node("nodeAffinity", way == "Exists" ? key : "!" + key, new(path.Then("operator"), ScalarRole.Plain, way));
                continue;
            }

            for (var index = 0; index < ((expression["values"] as JsonArray)?.Count ?? 0); index++)
            {
                if (Scalars.Text(expression["values"]![index]) is { } text)
                {
                    yield return Node("nodeAffinity", way switch { "In" => Labelled(key, text), "NotIn" => $"{key}!={text}", "Gt" => $"{key}>{text}", _ => $"{key}<{text}" }, new(path.Then("values").Then(index, null), ScalarRole.Plain, text));
                }
            }
        }
    }

    /// <summary>The terms of an affinity of which a node must meet one.</summary>
    public static ObjectPath NodeTerms(ObjectPath affinity) => affinity.Then("nodeAffinity").Then("requiredDuringSchedulingIgnoredDuringExecution").Then("nodeSelectorTerms");

    /// <summary>The requests and limits below a path.</summary>
    public static IEnumerable<AppField> Resources(JsonNode? root, ObjectPath resources, string container)
    {
        foreach (var kind in Amounts)
        {
            foreach (var name in (resources.Then(kind).Find(root) as JsonObject)?.Select(entry => entry.Key) ?? [])
            {
                if (Scalar(root, resources.Then(kind).Then(name), ScalarRole.Plain) is { } amount)
                {
                    yield return new() { Field = ManifestField.Resources, Container = container, Item = $"{kind}.{name}", Value = amount.Text, Scalars = [amount] };
                }
            }
        }
    }

    /// <summary>A scalar that is there and says something.</summary>
    public static FieldScalar? Scalar(JsonNode? root, ObjectPath path, ScalarRole role) =>
        path.Find(root) is JsonValue value && Scalars.Text(value) is { Length: > 0 } text ? new(path, role, text) : null;

    private static IEnumerable<AppField> Containers(JsonObject item, JsonObject raw, ObjectPath pod)
    {
        foreach (var (container, path) in Lists.SelectMany(list => Items(item, pod.Then(list), raw)))
        {
            var name = ObjectText.At(container, "name");
            if (Scalar(item, path.Then("image"), ScalarRole.Image) is { } image)
            {
                yield return new() { Field = ManifestField.Image, Container = name, Value = image.Text, Scalars = [image] };
            }

            foreach (var amount in Resources(item, path.Then("resources"), name))
            {
                yield return amount;
            }
        }
    }

    private static IEnumerable<AppField> Claims(JsonObject item, JsonObject raw, ObjectPath pod)
    {
        foreach (var (volume, path) in Items(item, pod.Then("volumes"), raw))
        {
            if (Scalar(item, path.Then("persistentVolumeClaim").Then("claimName"), ScalarRole.Plain) is { } claim)
            {
                yield return new() { Field = ManifestField.Claim, Item = ObjectText.At(volume, "name"), Value = claim.Text, Scalars = [claim] };
            }
        }
    }

    private static IEnumerable<AppField> Nodes(JsonObject item, ObjectPath pod)
    {
        if (Scalar(item, pod.Then("nodeName"), ScalarRole.Plain) is { } node)
        {
            yield return Node("nodeName", node.Text, node);
        }

        foreach (var demand in Selector(item, pod.Then("nodeSelector")).Concat(Affinity(item, pod.Then("affinity"))))
        {
            yield return demand;
        }
    }

    private static AppField Node(string item, string value, FieldScalar scalar) => new() { Field = ManifestField.Node, Item = item, Value = value, Scalars = [scalar] };

    private static string Labelled(string label, string value) => label is HostName or "metadata.name" ? value : $"{label}={value}";

    // Names with variables in them are only in what was not substituted yet.
    private static IEnumerable<(JsonObject Item, ObjectPath Path)> Items(JsonNode? root, ObjectPath list, JsonNode? raw) =>
        ObjectText.Items(list.Find(root)).Select(entry => (entry.Item, list.Then(entry.Index, (list.Find(raw) as JsonArray)?.ElementAtOrDefault(entry.Index) ?? entry.Item)));
}
