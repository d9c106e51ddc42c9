namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>What all folders of one build share.</summary>
internal sealed class BuildContext(IBuildFiles files, KustomizeOptions options)
{
    public IBuildFiles Files => files;

    public KustomizeOptions Options => options;

    /// <summary>The files that were read.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public List<string> Warnings { get; } = [];

    /// <summary>Kustomization files that stand in for those in the folders, by path.</summary>
    public Dictionary<string, KustomizationFile> Overrides { get; } = new(StringComparer.Ordinal);
}
