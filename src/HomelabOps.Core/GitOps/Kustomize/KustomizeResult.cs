using System.Text.Json.Nodes;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>What a build gave.</summary>
internal sealed record KustomizeResult
{
    /// <summary>The objects in the order of the output.</summary>
    public required IReadOnlyList<BuiltObject> Objects { get; init; }

    /// <summary>Hints at fields that are going out of use.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>All files that took part, as paths of the build.</summary>
    public required IReadOnlyCollection<string> Files { get; init; }
}

/// <summary>An object and where it was written.</summary>
/// <param name="Content">The object.</param>
/// <param name="File">The manifest, as a path of the build, or the kustomization file whose generator made it.</param>
/// <param name="Line">The line where the object begins; 0 for a generated one.</param>
internal sealed record BuiltObject(JsonObject Content, string? File, long Line);
