namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Where an object is from: a file, or the generator of a kustomization file. Paths are relative to the folder of the build.</summary>
internal sealed record ResourceOrigin(string? Path, string? ConfiguredIn, string? Generator)
{
    /// <summary>The annotation that kustomize puts it in.</summary>
    public const string Annotation = "config.kubernetes.io/origin";

    /// <summary>The annotation's value.</summary>
    public override string ToString() => Path is not null
        ? $"path: {Path}\n"
        : $"configuredIn: {ConfiguredIn}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {Generator}\n";
}
