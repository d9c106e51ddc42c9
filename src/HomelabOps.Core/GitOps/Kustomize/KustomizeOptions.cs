namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>How a build is done.</summary>
internal sealed record KustomizeOptions
{
    /// <summary>Files may lie anywhere below the root and not only in the kustomization's own folder, as Flux allows it.</summary>
    public bool AllowsFilesOutside { get; init; }

    /// <summary>Objects in the order of the files, as Flux builds, and not in that of kubectl's default; sortOptions win over both.</summary>
    public bool KeepsOrder { get; init; }
}
