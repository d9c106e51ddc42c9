namespace HomelabOps;

/// <summary>An object that applying a Kustomization would change. Kind, Namespace and Name are those of the object.</summary>
public sealed record FluxDifference : HomelabRecord
{
    /// <summary>What would be done with it.</summary>
    public FluxDifferenceAction Action { get; init; }

    /// <summary>The object.</summary>
    public ResourceReference Target => Reference;

    /// <summary>The Kustomization that applies it.</summary>
    public ResourceReference? Kustomization { get; init; }

    /// <summary>The fields of an Update, such as <c>spec.template.spec.containers[sonarr].image</c>; empty for the other actions.</summary>
    public IReadOnlyList<string> FieldPaths { get; init; } = [];

    /// <summary>
    /// A unified diff of the object's YAML, without what the server writes by itself. Values of Secrets, and what was
    /// substituted from one, are <c>***</c>.
    /// </summary>
    public string Diff { get; init; } = "";

    /// <summary>A field is immutable, and the Kustomization forces: the object is deleted and created anew.</summary>
    public bool Recreate { get; init; }

    /// <summary>The manifest, as a path of the repository; null for what is deleted.</summary>
    public string? File { get; init; }

    /// <summary>The line where the object begins, counted from 1; 0 for a generated or deleted one.</summary>
    public long Line { get; init; }
}
