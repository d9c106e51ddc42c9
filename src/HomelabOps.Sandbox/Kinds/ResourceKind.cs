using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>A kind that the server has, built in or defined by a CustomResourceDefinition.</summary>
internal sealed record ResourceKind
{
    public required string Group { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public string[] ShortNames { get; init; } = [];

    public string[] Categories { get; init; } = [];

    public bool Namespaced { get; init; }

    /// <summary>The served versions, the preferred one first.</summary>
    public required IReadOnlyList<KindVersion> Versions { get; init; }

    /// <summary>Subresources of all versions.</summary>
    public string[] Subresources { get; init; } = [];

    public required string[] Verbs { get; init; }

    /// <summary>Fields beside name and namespace that selectors may name.</summary>
    public IReadOnlyList<FieldPath> Fields { get; init; } = [];

    public bool HasGeneration { get; init; }

    /// <summary>Whether a deletion is answered with the object even when it is gone at once.</summary>
    public bool ReturnsDeleted { get; init; }

    /// <summary>Whether there are no stored objects: reviews, and what others measure.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>The CustomResourceDefinition, of a custom kind.</summary>
    public JsonObject? Definition { get; init; }

    /// <summary>The revision of that; what was stored before may lack what it has as defaults.</summary>
    public long Since { get; init; }

    public bool IsCustom => Definition is not null;

    public string ListKind { get => field ?? Kind + "List"; init; }

    /// <summary>"pods", "deployments.apps": how messages and the store name it.</summary>
    public string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>"Pod", "Deployment.apps": how messages about invalid objects name it.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public bool HasStatus => Subresources.Contains("status", StringComparer.Ordinal);

    /// <summary>Whether it is that kind of that group.</summary>
    public bool Is(string group, string kind) => Group == group && Kind == kind;
}
