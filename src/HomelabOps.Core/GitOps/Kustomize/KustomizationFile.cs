using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>A kustomization file as it was written. Texts are empty and lists are empty where a field is missing.</summary>
internal sealed record KustomizationFile
{
    /// <summary>The names that such a file may have.</summary>
    public static readonly string[] FileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <summary>The file's name for errors.</summary>
    public required string File { get; init; }

    /// <summary>The file's name without its folder.</summary>
    public required string FileName { get; init; }

    public required YamlNode Node { get; init; }

    public bool IsComponent { get; init; }

    public IReadOnlyList<FileReference> Resources { get; init; } = [];

    public IReadOnlyList<FileReference> Components { get; init; } = [];

    public IReadOnlyList<FileReference> Configurations { get; init; } = [];

    public string Namespace { get; init; } = "";

    public string NamePrefix { get; init; } = "";

    public string NameSuffix { get; init; } = "";

    public IReadOnlyDictionary<string, string> CommonLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> CommonAnnotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<LabelSet> Labels { get; init; } = [];

    public IReadOnlyList<ImageChange> Images { get; init; } = [];

    public IReadOnlyList<ReplicaChange> Replicas { get; init; } = [];

    public IReadOnlyList<PatchEntry> Patches { get; init; } = [];

    public IReadOnlyList<FileReference> PatchesStrategicMerge { get; init; } = [];

    public IReadOnlyList<PatchEntry> PatchesJson6902 { get; init; } = [];

    public IReadOnlyList<GeneratorEntry> ConfigMapGenerators { get; init; } = [];

    public IReadOnlyList<GeneratorEntry> SecretGenerators { get; init; } = [];

    public IReadOnlyList<ReplacementEntry> Replacements { get; init; } = [];

    public SortOptions? SortOptions { get; init; }

    public IReadOnlyList<string> BuildMetadata { get; init; } = [];

    /// <summary>What kustomize would warn of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>An entry of <c>labels</c>.</summary>
internal sealed record LabelSet(IReadOnlyDictionary<string, string> Pairs, bool IncludeSelectors, bool IncludeTemplates, IReadOnlyList<FieldSpec> Fields);

/// <summary>An entry of <c>images</c>.</summary>
internal sealed record ImageChange(string Name, string NewName = "", string NewTag = "", string Digest = "", string TagSuffix = "");

/// <summary>An entry of <c>replicas</c>.</summary>
internal sealed record ReplicaChange(string Name, long Count, FileReference Place);

/// <summary>An entry of a field of patches.</summary>
internal sealed record PatchEntry(FileReference? Path, string Patch, ResourceSelector? Target, bool AllowNameChange, bool AllowKindChange, FileReference Place);

/// <summary>What a patch or a replacement is for.</summary>
internal sealed record ResourceSelector(ResourceId Id, string LabelSelector, string AnnotationSelector);

/// <summary>An entry of <c>configMapGenerator</c> or <c>secretGenerator</c>, with the generatorOptions merged in.</summary>
internal sealed record GeneratorEntry
{
    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required FileReference Place { get; init; }

    public string Namespace { get; init; } = "";

    public string Type { get; init; } = "";

    public GenerationBehavior Behavior { get; init; }

    public IReadOnlyList<FileReference> Files { get; init; } = [];

    public IReadOnlyList<FileReference> Literals { get; init; } = [];

    public IReadOnlyList<FileReference> Envs { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool DisableNameSuffixHash { get; init; }

    public bool Immutable { get; init; }
}

/// <summary>An entry of <c>replacements</c>: in place, or the path of a file with some.</summary>
internal sealed record ReplacementEntry(FileReference? Path, Replacement? Inline);

/// <summary>A value of one object that is copied to fields of others.</summary>
internal sealed record Replacement(ResourceId Source, string SourcePath, ReplacementOptions SourceOptions, IReadOnlyList<ReplacementTarget> Targets, FileReference Place);

/// <summary>Where a value is copied to.</summary>
internal sealed record ReplacementTarget(ResourceSelector Select, IReadOnlyList<ResourceSelector> Reject, IReadOnlyList<string> FieldPaths, ReplacementOptions Options);

/// <summary>Which part of a field is meant, and whether a missing one is made.</summary>
internal sealed record ReplacementOptions(string Delimiter = "", long Index = 0, bool Create = false);

/// <summary>The order of the output.</summary>
internal sealed record SortOptions(bool IsLegacy, IReadOnlyList<string>? OrderFirst, IReadOnlyList<string>? OrderLast);
