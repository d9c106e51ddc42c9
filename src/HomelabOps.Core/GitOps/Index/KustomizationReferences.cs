using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Index;

/// <summary>Finds the paths that a kustomization file names, also in files that could not be built.</summary>
internal static class KustomizationReferences
{
    private static readonly string[] Lists =
    [
        "resources", "bases", "components", "crds", "configurations", "generators", "transformers", "validators", "patchesStrategicMerge",
    ];

    private static readonly (string Field, string Key)[] Entries =
    [
        ("patches", "path"), ("patchesJson6902", "path"), ("replacements", "path"), ("configMapGenerator", "env"), ("secretGenerator", "env"),
        ("helmCharts", "valuesFile"),
    ];

    private static readonly (string Field, string Key)[] EntryLists =
    [
        ("configMapGenerator", "files"), ("configMapGenerator", "envs"), ("secretGenerator", "files"), ("secretGenerator", "envs"), ("helmCharts", "additionalValuesFiles"),
    ];

    /// <summary>The nodes that hold paths, with the paths.</summary>
    public static IEnumerable<(string Path, YamlNode Node)> Of(YamlNode root)
    {
        var direct = Lists.SelectMany(field => Items(root.Find(field)));
        var single = Entries.SelectMany(entry => Items(root.Find(entry.Field)).Select(item => item.Find(entry.Key))).OfType<YamlNode>();
        var lists = EntryLists.SelectMany(entry => Items(root.Find(entry.Field)).SelectMany(item => Items(item.Find(entry.Key))));
        return direct.Concat(single).Where(IsPath).Select(node => (node.Text!, node))

            // A generator may give the key that the file gets.
            .Concat(lists.Where(IsPath).Select(node => (node.Text![(node.Text!.IndexOf('=', StringComparison.Ordinal) + 1)..], node)));
    }

    /// <summary>The paths of manifests and folders that are built.</summary>
    public static IEnumerable<string> Resources(YamlNode root) => Items(root.Find("resources")).Concat(Items(root.Find("bases"))).Where(IsPath).Select(node => node.Text!);

    private static bool IsPath(YamlNode node) => node.Text is { Length: > 0 } text && !text.Contains('\n', StringComparison.Ordinal);

    private static List<YamlNode> Items(YamlNode? node) => node?.Items ?? [];
}
