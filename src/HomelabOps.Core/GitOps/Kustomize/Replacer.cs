using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Carries out <c>replacements</c>: copies a value of one object to fields of others.</summary>
internal static class Replacer
{
    public static void Apply(ResourceSet resources, ReplacementEntry entry, BuildFolder folder)
    {
        foreach (var replacement in entry.Path is null ? [entry.Inline!] : ReadFile(entry.Path, folder))
        {
            Apply(resources, replacement);
        }
    }

    private static IReadOnlyList<Replacement> ReadFile(FileReference path, BuildFolder folder)
    {
        var documents = YamlReader.ReadAll(path.Text, Encoding.UTF8.GetString(folder.Read(path)));
        return documents.Count == 0 ? [] : ReplacementReader.ReadFile(path.Text, documents[0].Root);
    }

    private static void Apply(ResourceSet resources, Replacement replacement)
    {
        var place = replacement.Place;
        var sources = resources.Items.FindAll(resource => resource.AllIds.Any(id => id.IsSelectedBy(replacement.Source)));
        if (sources.Count != 1)
        {
            throw place.Invalid(sources.Count == 0 ? "Detail_ReplacementNothing" : "Detail_ReplacementAmbiguous", replacement.Source);
        }

        var value = new FieldQuery(place).Find(sources[0].Body!, replacement.SourcePath);
        if (value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            throw place.Invalid("Detail_ReplacementField", replacement.SourcePath, replacement.Source);
        }

        RefuseDate(sources[0], replacement.SourcePath, place);

        // The targets may include the source, whose value must not change meanwhile.
        value = Refine(value.DeepClone(), replacement.SourceOptions, place);
        foreach (var target in replacement.Targets)
        {
            var select = Selector(target.Select, place);
            var rejects = target.Reject.Select(reject => (reject.Id, Matches: Selector(reject, place), HasLabels: reject.LabelSelector.Length > 0 || reject.AnnotationSelector.Length > 0)).ToArray();
            foreach (var resource in resources.Items)
            {
                if (select(resource)
                    && resource.AllIds.Any(id => id.IsSelectedBy(target.Select.Id))
                    && !Array.Exists(rejects, reject => reject.HasLabels && reject.Matches(resource))
                    && !Array.Exists(rejects, reject => !reject.Id.IsEmpty && resource.AllIds.Any(id => id.IsSelectedBy(reject.Id))))
                {
                    Copy(resource, value, target, place);
                }
            }
        }
    }

    private static Func<Resource, bool> Selector(ResourceSelector selector, FileReference place)
    {
        var labels = LabelSelector.Parse(selector.LabelSelector) ?? throw place.Invalid("Detail_Selector", selector.LabelSelector);
        var annotations = LabelSelector.Parse(selector.AnnotationSelector) ?? throw place.Invalid("Detail_Selector", selector.AnnotationSelector);
        return resource => labels.Matches(resource.MetadataMap("labels")) && annotations.Matches(resource.MetadataMap("annotations"));
    }

    private static JsonNode Refine(JsonNode value, ReplacementOptions options, FileReference place)
    {
        if (options.Delimiter.Length == 0)
        {
            return value;
        }

        var text = Scalars.Text(value) ?? throw place.Invalid("Detail_ReplacementDelimiter");
        var parts = text.Split(options.Delimiter);
        return options.Index >= 0 && options.Index < parts.Length
            ? Scalars.Retype(value, parts[options.Index]) ?? JsonValue.Create(parts[options.Index])
            : throw place.Invalid("Detail_ReplacementIndex", options.Index, text);
    }

    private static void Copy(Resource resource, JsonNode value, ReplacementTarget target, FileReference place)
    {
        foreach (var path in target.FieldPaths)
        {
            var fields = new FieldQuery(place).FindAll(resource.Body!, path, target.Options.Create ? value : null);
            if (fields.Count == 0)
            {
                throw place.Invalid("Detail_ReplacementTarget", path, resource.Id);
            }

            RefuseDate(resource, path, place);
            foreach (var field in fields)
            {
                field.Set(NewValue(field, value, target.Options, place, path));
            }
        }
    }

    // kustomize would copy the letters of a date, which here is a full time already.
    private static void RefuseDate(Resource resource, string path, FileReference place)
    {
        if (resource.Source?.Node.Nearest(FieldPath.SplitReplacement(path)) is { IsPlain: true, Tag: null, Text: { } text } && ScalarTyping.IsTimestamp(text))
        {
            throw place.Unsupported("Detail_UnsupportedDate", path, text);
        }
    }

    private static JsonNode? NewValue(FoundField field, JsonNode value, ReplacementOptions options, FileReference place, string path)
    {
        var text = Scalars.Text(value);
        if (options.Delimiter.Length > 0)
        {
            var old = field.IsNew ? "" : Scalars.Text(field.Value) ?? throw place.Invalid("Detail_ReplacementDelimiter");
            var parts = old.Split(options.Delimiter).ToList();
            if (options.Index < 0)
            {
                parts.Insert(0, text ?? "");
            }
            else if (options.Index >= parts.Count)
            {
                parts.Add(text ?? "");
            }
            else
            {
                parts[(int)options.Index] = text ?? "";
            }

            text = string.Join(options.Delimiter, parts);
        }

        if (field.IsNew)
        {
            return value is JsonValue ? text!.Length == 0 ? "" : Scalars.Untyped(text) : value.DeepClone();
        }

        // A scalar keeps its own type and only takes the text, which for lists and mappings is empty.
        return field.Value is JsonObject or JsonArray
            ? options.Delimiter.Length > 0 && value is JsonValue ? JsonValue.Create(text) : value.DeepClone()
            : field.Value is null && (text ?? "").Length == 0 ? null
            : Scalars.Retype(field.Value, text ?? "") ?? throw place.Invalid("Detail_ReplacementType", text, path);
    }
}
