using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The transformers that change a field by its place: namespace, names, labels, annotations, replicas and images.</summary>
internal static class Transformers
{
    private static readonly FieldSpec NamespaceField = new("metadata/namespace", Create: true);

    public static void Namespace(ResourceSet resources, KustomizationFile file)
    {
        foreach (var resource in resources.Items)
        {
            resource.RememberId();
            var id = resource.Id;
            if (!id.IsClusterScoped)
            {
                NamespaceField.Apply(resource, Empty, _ => file.Namespace);
            }

            var isBinding = id.Kind is "RoleBinding" or "ClusterRoleBinding";
            if (isBinding && resource.Body!["subjects"] is JsonArray subjects)
            {
                foreach (var subject in subjects.OfType<JsonObject>().Where(subject => Scalars.Text(subject["name"]) == "default"))
                {
                    subject["namespace"] = file.Namespace;
                }
            }

            foreach (var spec in resources.Config.Namespace)
            {
                // Handled above, or only for the core Namespace and not for a kind of the same name.
                if (spec.Path != NamespaceField.Path && (spec.Path != "metadata/name" || id.ApiVersion == "v1") && !(isBinding && spec.Path == "subjects/namespace"))
                {
                    spec.Apply(resource, Empty, _ => file.Namespace);
                }
            }
        }

        var clash = resources.Items.GroupBy(ResourceSet.Key).FirstOrDefault(group => group.Skip(1).Any());
        if (clash is not null)
        {
            throw Errors.KustomizationInvalid(file.File, Line(file, "namespace"), 1, Errors.Text("Detail_BuildNamespaceConflict", file.Namespace, clash.First().Id));
        }
    }

    public static void Prefix(ResourceSet resources, string prefix) =>
        Rename(resources, resources.Config.NamePrefix, resource => resource.Prefixes, prefix, name => prefix + name);

    public static void Suffix(ResourceSet resources, string suffix) =>
        Rename(resources, resources.Config.NameSuffix, resource => resource.Suffixes, suffix, name => name + suffix);

    public static void Labels(ResourceSet resources, KustomizationFile file)
    {
        foreach (var set in file.Labels)
        {
            var fields = FieldSpecs.Merge(set.Fields, resources.Config.Labels);
            if (set.IncludeSelectors)
            {
                fields = FieldSpecs.Merge(fields, resources.Config.CommonLabels);
            }
            else
            {
                fields = set.IncludeTemplates ? FieldSpecs.Merge(fields, resources.Config.TemplateLabels) : fields;
                fields = FieldSpecs.Merge(fields, [new("metadata/labels", Create: true)]);
            }

            SetPairs(resources, fields, set.Pairs);
        }

        SetPairs(resources, resources.Config.CommonLabels, file.CommonLabels);
    }

    public static void SetPairs(ResourceSet resources, IReadOnlyList<FieldSpec> fields, IReadOnlyDictionary<string, string> pairs)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        foreach (var resource in resources.Items)
        {
            foreach (var field in fields)
            {
                field.Apply(resource, static () => new JsonObject(), value =>
                {
                    var map = value as JsonObject ?? throw Errors.KustomizeBuildFailed(resource.Place, Errors.Text("Detail_BuildField", field.Path, resource.Id));
                    foreach (var (key, text) in pairs)
                    {
                        map[key] = text;
                    }

                    return map;
                });
            }
        }
    }

    public static void Replicas(ResourceSet resources, ReplicaChange change)
    {
        var isFound = false;
        foreach (var field in resources.Config.Replicas)
        {
            foreach (var resource in resources.Items.Where(item => item.AllIds.Any(id => id.Name == change.Name && field.Selects(id))))
            {
                isFound = true;
                
                // Quotes stay, and with them the type.
                field.Apply(resource, Empty, value => value is null || Scalars.Text(value) is not { Length: > 0 } old || value.GetValueKind() != JsonValueKind.String || Scalars.Untyped(old)?.GetValueKind() == JsonValueKind.String
                    ? change.Count
                    : change.Count.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (!isFound)
        {
            throw change.Place.Invalid("Detail_ReplicasNothing", change.Name);
        }
    }

    public static void Image(ResourceSet resources, ImageChange change)
    {
        // The name is part of a pattern, as in kustomize.
        var pattern = new Regex($"^{change.Name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        foreach (var resource in resources.Items.Where(item => item.Kind != "CustomResourceDefinition"))
        {
            // kustomize changes all containers at any depth, and then once more those of the field specs, so that a suffix comes twice.
            ImagesOf(resource.Body, pattern, change);
            foreach (var field in resources.Config.Images)
            {
                field.Apply(resource, null, value => value is null or JsonValue
                    ? NewImage(value, pattern, change)
                    : throw Errors.KustomizeBuildFailed(resource.Place, Errors.Text("Detail_BuildField", field.Path, resource.Id)));
            }
        }
    }

    private static void ImagesOf(JsonNode? node, Regex pattern, ImageChange change)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                ImagesOf(item, pattern, change);
            }
        }
        else if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                ImagesOf(value, pattern, change);
                foreach (var container in key is "containers" or "initContainers" && value is JsonArray containers ? containers.OfType<JsonObject>() : [])
                {
                    if (container["image"] is JsonValue image && NewImage(image, pattern, change) is var changed && !ReferenceEquals(image, changed))
                    {
                        container["image"] = changed;
                    }
                }
            }
        }
    }

    private static JsonNode? NewImage(JsonNode? value, Regex pattern, ImageChange change) =>
        Scalars.Text(value) is { } image && pattern.IsMatch(image) ? Change(image, change) : value;

    private static string Change(string image, ImageChange change)
    {
        // A colon before the first slash belongs to the registry's port.
        var start = Math.Max(image.IndexOf('/', StringComparison.Ordinal), 0);
        var at = image.IndexOf('@', start);
        var colon = image.IndexOf(':', start);
        colon = at >= 0 && colon > at ? -1 : colon;
        var end = at < 0 ? image.Length : at;
        var name = image[..(colon < 0 ? end : colon)];
        var tag = colon < 0 ? "" : image[(colon + 1)..end];
        var digest = at < 0 ? "" : image[(at + 1)..];
        if (change.NewTag.Length > 0 || change.Digest.Length > 0)
        {
            (tag, digest) = (change.NewTag, change.Digest);
        }
        else if (change.TagSuffix.Length > 0)
        {
            (tag, digest) = (tag + change.TagSuffix, "");
        }

        return (change.NewName.Length > 0 ? change.NewName : name) + (tag.Length > 0 ? ":" + tag : "") + (digest.Length > 0 ? "@" + digest : "");
    }

    private static void Rename(ResourceSet resources, IReadOnlyList<FieldSpec> fields, Func<Resource, List<string>> history, string added, Func<string, string> rename)
    {
        foreach (var resource in resources.Items)
        {
            var original = resource.OriginalId;
            if (original.Kind is "CustomResourceDefinition" or "Namespace" || original is { Kind: "APIService", Group: "apiregistration.k8s.io" })
            {
                continue;
            }

            foreach (var field in fields.Where(field => field.Selects(original)))
            {
                if (field.Path == "metadata/name")
                {
                    history(resource).Add(added);
                    resource.RememberId();
                }

                field.Apply(resource, Empty, value => rename(Scalars.Text(value) ?? ""));
            }
        }
    }

    private static JsonNode Empty() => "";

    private static long Line(KustomizationFile file, string field) => file.Node.Find(field)?.Line ?? 1;
}
