using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Finds the fields that the path of a replacement means.</summary>
/// <param name="place">The replacement, for errors.</param>
internal sealed class FieldQuery(FileReference place)
{
    /// <summary>The one value at a path; null when there is none.</summary>
    public JsonNode? Find(JsonNode root, string path)
    {
        JsonNode? node = root;
        foreach (var part in FieldPath.SplitReplacement(path).Select(part => part.Trim()).Where(part => part.Length > 0))
        {
            node = node switch
            {
                JsonArray list when part == "-" => list.LastOrDefault(),
                JsonArray list when FieldPath.Index(part) is { } index => list.ElementAtOrDefault(index),
                JsonArray list when FieldPath.Element(part) is var (field, value) => list.FirstOrDefault(item => Scalars.Text(field.Length == 0 ? item : (item as JsonObject)?[field]) == value),
                JsonObject map => map[part],
                null => null,
                _ => throw place.Invalid("Detail_ReplacementPart", part, path),
            };
        }

        return node;
    }

    /// <summary>All fields at a path. With a value to come, missing ones are made.</summary>
    public IReadOnlyList<FoundField> FindAll(JsonNode root, string path, JsonNode? create)
    {
        var result = new List<FoundField>();
        Collect(new FoundField(root.Parent!, "", 0) { Root = root }, FieldPath.SplitReplacement(path), 0, create, result, path);
        return result;
    }

    private void Collect(FoundField field, string[] parts, int depth, JsonNode? create, List<FoundField> result, string path)
    {
        if (depth == parts.Length)
        {
            result.Add(field);
            return;
        }

        var part = parts[depth];
        var next = depth + 1 < parts.Length ? parts[depth + 1] : null;
        if (FieldPath.Index(part) is { } index)
        {
            CollectIndex(field, parts, depth, index, create, result, path);
        }
        else if (FieldPath.Element(part) is var (name, value))
        {
            CollectElements(field, parts, depth, (name, value), create, result, path);
        }
        else if (part == "*")
        {
            var list = field.Value as JsonArray ?? throw place.Invalid("Detail_ReplacementPart", part, path);
            for (var item = 0; item < list.Count; item++)
            {
                Collect(new FoundField(list, "", item), parts, depth + 1, create, result, path);
            }
        }
        else if (field.Value is JsonObject map)
        {
            var isNew = !map.ContainsKey(part);
            if (isNew && create is null)
            {
                return;
            }

            if (isNew)
            {
                map[part] = Container(next, create!);
            }

            Collect(new FoundField(map, part, 0) { IsNew = isNew && next is null }, parts, depth + 1, create, result, path);
        }
        else if (field.Value is not null)
        {
            throw place.Invalid("Detail_ReplacementPart", part, path);
        }
    }

    private void CollectIndex(FoundField field, string[] parts, int depth, int index, JsonNode? create, List<FoundField> result, string path)
    {
        var list = field.Value as JsonArray ?? throw place.Invalid("Detail_ReplacementPart", parts[depth], path);
        var isNew = create is not null && index == list.Count;
        if (isNew)
        {
            list.Add(Container(depth + 1 < parts.Length ? parts[depth + 1] : null, create!));
        }

        if (index >= list.Count)
        {
            throw place.Invalid("Detail_ReplacementItems", index, list.Count, path);
        }

        Collect(new FoundField(list, "", index) { IsNew = isNew && depth + 1 == parts.Length }, parts, depth + 1, create, result, path);
    }

    private void CollectElements(FoundField field, string[] parts, int depth, (string Field, string Value) wanted, JsonNode? create, List<FoundField> result, string path)
    {
        var list = field.Value as JsonArray ?? throw place.Invalid("Detail_ReplacementPart", parts[depth], path);
        var before = result.Count;
        Regex pattern;
        try
        {
            // kustomize takes the value for a pattern that may match anywhere.
            pattern = new Regex(wanted.Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            throw place.Invalid("Detail_Pattern", wanted.Value);
        }

        Search();
        if (result.Count > before || create is null)
        {
            return;
        }

        list.Add(wanted.Field.Length == 0 ? Scalars.Untyped(wanted.Value) : new JsonObject { [wanted.Field] = Scalars.Untyped(wanted.Value) });
        Search();

        void Search()
        {
            for (var index = 0; index < list.Count; index++)
            {
                var text = Scalars.Text(wanted.Field.Length == 0 ? list[index] : (list[index] as JsonObject)?[wanted.Field]);
                if (text is not null && pattern.IsMatch(text))
                {
                    Collect(new FoundField(list, "", index), parts, wanted.Field.Length == 0 ? parts.Length : depth + 1, create, result, path);
                }
            }
        }
    }

    private static JsonNode? Container(string? next, JsonNode create) => next switch
    {
        null => create switch { JsonObject => new JsonObject(), JsonArray => new JsonArray(), _ => null },
        _ when FieldPath.Index(next) is not null || next.StartsWith('[') => new JsonArray(),
        _ => new JsonObject(),
    };
}

/// <summary>A field in its mapping or list.</summary>
internal sealed record FoundField(JsonNode Parent, string Key, int Index)
{
    /// <summary>Set for the object itself, which has no parent.</summary>
    public JsonNode? Root { get; init; }

    /// <summary>It was made for the replacement and has no type of its own.</summary>
    public bool IsNew { get; init; }

    public JsonNode? Value => Root ?? (Parent is JsonArray list ? list[Index] : Parent[Key]);

    public void Set(JsonNode? value)
    {
        if (Parent is JsonArray list)
        {
            list[Index] = value;
        }
        else
        {
            Parent[Key] = value;
        }
    }
}
