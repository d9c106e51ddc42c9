using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>Serves the kinds that CustomResourceDefinitions define, as soon as they are written.</summary>
internal sealed class CustomKinds(ApiContext context)
{
    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";
    private static readonly string[] Verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

    /// <summary>Follows the definitions of a store.</summary>
    public static void Attach(ApiContext context)
    {
        var kinds = new CustomKinds(context);
        context.Store.Written += kinds.OnWritten;
    }

    /// <summary>The kind that a definition defines, or null when it may not have its names.</summary>
    public static ResourceKind Read(JsonObject definition)
    {
        var spec = definition["spec"]!.AsObject();
        var names = spec["names"]!.AsObject();
        var (group, kind) = (Cells.Text(spec, "group"), Cells.Text(names, "kind"));
        var versions = Cells.Items(spec, "versions").Where(version => (bool?)version["served"] == true).Select(version => Version(group, kind, version))
            .OrderBy(version => version.Name, Api.Discovery.VersionOrder.Instance).ToArray();
        string[] subresources = [.. versions.Any(version => version.HasStatus) ? ["status"] : Array.Empty<string>(), .. versions.Any(version => version.Scale is not null) ? ["scale"] : Array.Empty<string>()];
        return new()
        {
            Group = group,
            Kind = kind,
            Plural = Cells.Text(names, "plural"),
            Singular = Cells.Text(names, "singular", kind.ToLowerInvariant()),
            ListKind = Cells.Text(names, "listKind", kind + "List"),
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            Namespaced = Cells.Text(spec, "scope") == "Namespaced",
            Versions = versions,
            Subresources = subresources,
            Verbs = Verbs,
            HasGeneration = true,
            Definition = definition,
            Fields = [.. Cells.Items(spec, "versions").SelectMany(version => Cells.Items(version, "selectableFields")).Select(field => Cells.Text(field, "jsonPath").TrimStart('.')).Distinct(StringComparer.Ordinal).Select(path => new FieldPath(path))],
        };
    }

    // Runs within the write of the definition, so that whoever sees it sees its kind.
    private void OnWritten(Collection collection, StoreEvent change)
    {
        if (collection.Resource != Definitions)
        {
            return;
        }

        var name = change.After.Key.Name;
        if (change.Deleted)
        {
            context.Kinds.SetCustom(name, null);
            context.Store.Drop(name);
            return;
        }

        var definition = change.After.ToNode();
        if (definition["status"]?["conditions"] is not JsonArray conditions || !conditions.Any(item => Cells.Text(item, "type") == "Established" && Cells.Text(item, "status") == "True"))
        {
            return;
        }

        var before = change.Before?.ToNode();
        if (before is null || !JsonNode.DeepEquals(before["spec"], definition["spec"]) || context.Kinds.FindResource(name) is null)
        {
            context.Kinds.SetCustom(name, Read(definition) with { Since = change.Revision });
        }
    }

    /// <summary>Puts the status of an accepted definition into it.</summary>
    public static void Establish(JsonObject definition, KindRegistry kinds, string now)
    {
        var spec = definition["spec"]!.AsObject();
        var status = Defaults.Part(definition, "status");
        var conflict = Conflict(definition, kinds);
        Conditions.Set(status, "NamesAccepted", conflict is null ? "True" : "False", now, conflict is null ? "NoConflicts" : "KindConflict", conflict ?? "no conflicts found");
        if (conflict is null)
        {
            Conditions.Set(status, "Established", "True", now, "InitialNamesAccepted", "the initial names have been accepted");
            status["acceptedNames"] = spec["names"]?.DeepClone();
        }
        else if (status["acceptedNames"] is null)
        {
            Conditions.Set(status, "Established", "False", now, "NotAccepted", "not all names are accepted");
            status["acceptedNames"] = new JsonObject { ["kind"] = "", ["plural"] = "" };
        }

        var storage = Cells.Items(spec, "versions").Where(version => (bool?)version["storage"] == true).Select(version => Cells.Text(version, "name")).FirstOrDefault();
        var stored = Texts(status["storedVersions"]).ToList();
        if (storage is not null && !stored.Contains(storage))
        {
            stored.Add(storage);
        }

        status["storedVersions"] = new JsonArray([.. stored.Select(version => JsonValue.Create(version))]);
    }

    private static string? Conflict(JsonObject definition, KindRegistry kinds)
    {
        var (name, group) = (Cells.Text(definition, "metadata.name"), Cells.Text(definition, "spec.group"));
        var names = definition["spec"]?["names"];
        foreach (var other in kinds.Kinds.Where(other => other.Group == group && other.Resource != name))
        {
            if (other.Kind == Cells.Text(names, "kind") || other.ListKind == Cells.Text(names, "listKind"))
            {
                return $"\"{Cells.Text(names, "kind")}\" is already in use";
            }

            if (other.ShortNames.Intersect(Texts(names?["shortNames"]), StringComparer.Ordinal).FirstOrDefault() is { } taken)
            {
                return $"\"{taken}\" is already in use";
            }
        }

        return null;
    }

    private static KindVersion Version(string group, string kind, JsonObject version)
    {
        var source = version["schema"]?["openAPIV3Schema"] as JsonObject;
        var scale = Cells.At(version, "subresources.scale");
        return new(group, Cells.Text(version, "name"), kind, () => source is null ? null : CustomSchema.Read(source))
        {
            IsStorage = (bool?)version["storage"] == true,
            HasStatus = Cells.At(version, "subresources.status") is not null,
            Scale = scale is null ? null : new(Cells.Text(scale, "specReplicasPath"), Cells.Text(scale, "statusReplicasPath"), Cells.Text(scale, "labelSelectorPath") is { Length: > 0 } selector ? selector : null),
            Columns = [.. Cells.Items(version, "additionalPrinterColumns").Select(column => new KindVersion.CustomColumn(
                Cells.Text(column, "name"), Cells.Text(column, "type"), Cells.Text(column, "format"), Cells.Text(column, "description"), (int)Cells.Number(column, "priority"), Cells.Text(column, "jsonPath")))],
            Deprecation = (bool?)version["deprecated"] == true ? Cells.Text(version, "deprecationWarning", $"{group}/{Cells.Text(version, "name")} {kind} is deprecated") : null,
        };
    }

    private static string[] Texts(JsonNode? node) => node is JsonArray items ? [.. items.Select(item => (string?)item ?? "")] : [];
}
