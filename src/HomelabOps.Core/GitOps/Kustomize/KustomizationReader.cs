using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Understands the text of a kustomization file.</summary>
internal sealed class KustomizationReader
{
    private static readonly string[] Supported =
    [
        "apiVersion", "kind", "metadata", "resources", "bases", "components", "configurations", "namespace", "namePrefix", "nameSuffix", "commonLabels",
        "commonAnnotations", "labels", "images", "imageTags", "replicas", "patches", "patchesStrategicMerge", "patchesJson6902", "configMapGenerator",
        "secretGenerator", "generatorOptions", "replacements", "sortOptions", "buildMetadata",
    ];

    // What kustomize knows and this build refuses, with the reason.
    private static readonly Dictionary<string, string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        ["crds"] = "Detail_UnsupportedCrds",
        ["openapi"] = "Detail_UnsupportedOpenApi",
        ["helmCharts"] = "Detail_UnsupportedHelm",
        ["helmGlobals"] = "Detail_UnsupportedHelm",
        ["helmChartInflationGenerator"] = "Detail_UnsupportedHelm",
        ["generators"] = "Detail_UnsupportedPlugins",
        ["transformers"] = "Detail_UnsupportedPlugins",
        ["validators"] = "Detail_UnsupportedPlugins",
        ["vars"] = "Detail_UnsupportedVars",
    };

    private static readonly Dictionary<string, string> Deprecated = new(StringComparer.Ordinal)
    {
        ["bases"] = "resources",
        ["commonLabels"] = "labels",
        ["imageTags"] = "images",
        ["patchesJson6902"] = "patches",
        ["patchesStrategicMerge"] = "patches",
    };

    private static readonly string[] GeneratorFields = ["namespace", "name", "behavior", "literals", "files", "envs", "env", "options"];

    private static readonly string[] ImageFields = ["images", "imageTags"];

    private readonly FieldReader _root;

    private KustomizationReader(FieldReader root) => _root = root;

    /// <summary>Reads a kustomization file.</summary>
    /// <param name="file">The file's name for errors, ending in the file's own name.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="HomelabException">KustomizationInvalid, KustomizationUnsupported, ManifestInvalid.</exception>
    public static KustomizationFile Read(string file, string text)
    {
        var documents = YamlReader.ReadAll(file, text);
        var node = documents.Count == 0 || documents[0].IsEmpty ? new YamlNode { Line = 1, Column = 1, Entries = [] } : documents[0].Root;
        return Read(file, node);
    }

    /// <summary>Reads a kustomization file that is parsed already.</summary>
    public static KustomizationFile Read(string file, YamlNode node)
    {
        var root = new FieldReader(file, node, "", Supported, [.. Refused.Keys]);
        foreach (var (key, value) in node.Entries!.Where(entry => Refused.ContainsKey(entry.Key.Text!) && entry.Value is not ({ Items.Count: 0 } or { Entries.Count: 0 } or { Text: "" })))
        {
            throw Errors.KustomizationUnsupported(file, key.Line, key.Column, key.Text!, Errors.Text(Refused[key.Text!], value.Text), Refused[key.Text!]);
        }

        return new KustomizationReader(root).Read();
    }

    private KustomizationFile Read()
    {
        var kind = _root.Text("kind") is { Length: > 0 } written ? written : "Kustomization";
        var version = kind == "Component" ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
        if (kind is not ("Kustomization" or "Component"))
        {
            throw _root.Invalid("kind", "Detail_KustomizeKind", kind);
        }

        if (_root.Text("apiVersion") is { Length: > 0 } given && given != version)
        {
            throw _root.Invalid("apiVersion", "Detail_KustomizeVersion", kind, version);
        }

        if (!_root.Node.Entries!.Exists(entry => entry.Key.Text is not ("kind" or "apiVersion") && _root.Value(entry.Key.Text!) is not null))
        {
            throw _root.Invalid(_root.Node, "Detail_KustomizeEmpty");
        }

        // Known and of no effect, but checked.
        _root.Section("metadata", ["name", "namespace", "labels", "annotations"]);
        var options = _root.Section("generatorOptions", GeneratorReader.OptionFields);
        return new KustomizationFile
        {
            File = _root.File,
            FileName = BuildPath.Name(_root.File.Replace('\\', '/')),
            Node = _root.Node,
            IsComponent = kind == "Component",
            Resources = [.. _root.Texts("resources"), .. _root.Texts("bases")],
            Components = _root.Texts("components"),
            Configurations = _root.Texts("configurations"),
            Namespace = _root.Text("namespace"),
            NamePrefix = _root.Text("namePrefix"),
            NameSuffix = _root.Text("nameSuffix"),
            CommonLabels = _root.TextMap("commonLabels"),
            CommonAnnotations = _root.TextMap("commonAnnotations"),
            Labels = [.. _root.Sections("labels", ["pairs", "includeSelectors", "includeTemplates", "fields"]).Select(Label)],
            Images = [.. ImageFields.SelectMany(field => _root.Sections(field, ["name", "newName", "tagSuffix", "newTag", "digest"])).Select(Image)],
            Replicas = [.. _root.Sections("replicas", ["name", "count"]).Select(entry => new ReplicaChange(entry.Text("name"), entry.Number("count"), Place(entry)))],
            Patches = [.. _root.Sections("patches", ["path", "patch", "target", "options"]).Select(Patch)],
            PatchesStrategicMerge = _root.Texts("patchesStrategicMerge"),
            PatchesJson6902 = [.. _root.Sections("patchesJson6902", ["path", "patch", "target", "options"]).Select(Patch)],
            ConfigMapGenerators = [.. _root.Sections("configMapGenerator", GeneratorFields).Select(entry => GeneratorReader.Read("ConfigMap", entry, options))],
            SecretGenerators = [.. _root.Sections("secretGenerator", GeneratorFields, ["type"]).Select(entry => GeneratorReader.Read("Secret", entry, options))],
            Replacements = [.. _root.Sections("replacements", ReplacementReader.Fields).Select(ReplacementReader.ReadEntry)],
            SortOptions = Sorting(),
            BuildMetadata = Metadata(),
            Warnings = [.. Deprecated.Where(pair => _root.Value(pair.Key) is not null).Select(pair => Errors.Text("Detail_KustomizeDeprecated", _root.File, pair.Key, pair.Value))],
        };
    }

    /// <summary>Where a section stands.</summary>
    internal static FileReference Place(FieldReader section) => new("", section.File, section.Node, section.Path);

    /// <summary>A text of a section with its place, or null.</summary>
    internal static FileReference? Reference(FieldReader section, string field) =>
        section.Text(field) is { Length: > 0 } text ? new(text, section.File, section.Value(field)!, section.Name(field)) : null;

    /// <summary>A selector of objects.</summary>
    internal static ResourceSelector Selector(FieldReader section) => new(
        new(section.Text("group"), section.Text("version"), section.Text("kind"), section.Text("name"), section.Text("namespace")),
        section.Text("labelSelector"),
        section.Text("annotationSelector"));

    internal static readonly string[] SelectorFields = ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"];

    private static LabelSet Label(FieldReader entry) => new(
        entry.TextMap("pairs"), entry.Flag("includeSelectors"), entry.Flag("includeTemplates"), [.. entry.Sections("fields", ConfigurationReader.SpecFields).Select(ConfigurationReader.Spec)]);

    private static ImageChange Image(FieldReader entry) => new(entry.Text("name"), entry.Text("newName"), entry.Text("newTag"), entry.Text("digest"), entry.Text("tagSuffix"));

    private static PatchEntry Patch(FieldReader entry)
    {
        var options = entry.FlagMap("options");
        var target = entry.Section("target", SelectorFields);
        return new(
            Reference(entry, "path"), entry.Text("patch"), target is null ? null : Selector(target), options.GetValueOrDefault("allowNameChange"), options.GetValueOrDefault("allowKindChange"), Place(entry));
    }

    private SortOptions? Sorting()
    {
        if (_root.Section("sortOptions", ["order", "legacySortOptions"]) is not { } section)
        {
            return null;
        }

        var order = section.Text("order");
        var legacy = section.Section("legacySortOptions", ["orderFirst", "orderLast"]);
        if (order is not ("legacy" or "fifo"))
        {
            throw section.Invalid("order", "Detail_KustomizeOrder", order);
        }

        if (order == "fifo" && legacy is not null)
        {
            throw section.Invalid("legacySortOptions", "Detail_KustomizeFifo");
        }

        return new(order == "legacy", legacy is null ? null : [.. legacy.Texts("orderFirst").Select(text => text.Text)], legacy is null ? null : [.. legacy.Texts("orderLast").Select(text => text.Text)]);
    }

    private IReadOnlyList<string> Metadata()
    {
        var options = _root.Texts("buildMetadata");
        foreach (var option in options)
        {
            if (option.Text == "transformerAnnotations")
            {
                throw option.Unsupported("Detail_UnsupportedTransformations");
            }
        }

        return [.. options.Select(option => option.Text)];
    }
}
