namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Reads entries of configMapGenerator and secretGenerator.</summary>
internal static class GeneratorReader
{
    public static readonly string[] OptionFields = ["labels", "annotations", "disableNameSuffixHash", "immutable"];

    /// <summary>An entry with the options of the whole file, of which its own win.</summary>
    public static GeneratorEntry Read(string kind, FieldReader entry, FieldReader? global)
    {
        var local = entry.Section("options", OptionFields);
        var envs = entry.Texts("envs");
        var place = KustomizationReader.Place(entry);
        if (entry.Text("name").Length == 0)
        {
            throw place.Invalid("Detail_GeneratorName", entry.Path);
        }

        return new GeneratorEntry
        {
            Kind = kind,
            Name = entry.Text("name"),
            Place = place,
            Namespace = entry.Text("namespace"),
            Type = kind == "Secret" ? entry.Text("type") : "",
            Behavior = entry.Text("behavior") switch
            {
                "replace" => GenerationBehavior.Replace,
                "merge" => GenerationBehavior.Merge,
                "" or "create" => GenerationBehavior.Create,
                var other => throw entry.Invalid("behavior", "Detail_GeneratorBehavior", other),
            },
            Files = entry.Texts("files"),
            Literals = entry.Texts("literals"),
            Envs = KustomizationReader.Reference(entry, "env") is { } single ? [.. envs, single] : envs,
            Labels = Merge(local, global, "labels"),
            Annotations = Merge(local, global, "annotations"),
            DisableNameSuffixHash = (local?.Flag("disableNameSuffixHash") ?? false) || (global?.Flag("disableNameSuffixHash") ?? false),
            Immutable = (local?.Flag("immutable") ?? false) || (global?.Flag("immutable") ?? false),
        };
    }

    private static Dictionary<string, string> Merge(FieldReader? local, FieldReader? global, string field)
    {
        var result = global?.TextMap(field) ?? new(StringComparer.Ordinal);
        foreach (var (key, value) in local?.TextMap(field) ?? [])
        {
            result[key] = value;
        }

        return result;
    }
}
