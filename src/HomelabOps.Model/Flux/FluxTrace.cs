namespace HomelabOps;

/// <summary>Where an object comes from: who applies it, from which source and revision, and where it is written in the repository.</summary>
public sealed record FluxTrace : HomelabRecord
{
    /// <summary>The object that was asked about.</summary>
    public ResourceReference Object => Reference;

    /// <summary>Owners up to what was applied, the nearest first: ReplicaSet, then Deployment.</summary>
    public IReadOnlyList<ResourceReference> Owners { get; init; } = [];

    /// <summary>Flux applies the object, or what owns it.</summary>
    public bool Managed => HelmRelease is not null || Kustomization is not null;

    /// <summary>What applies the object still lists it. Null when that cannot be told, or nothing applies it.</summary>
    public bool? InInventory { get; init; }

    /// <summary>The HelmRelease whose chart has the object; null when it is of no chart.</summary>
    public ResourceReference? HelmRelease { get; init; }

    /// <summary>Name and version of the chart; null without a HelmRelease.</summary>
    public string? Chart { get; init; }

    /// <summary>Where the chart comes from: what chartRef names, or the chart's repository.</summary>
    public ResourceReference? ChartSource { get; init; }

    /// <summary>The Kustomization that applies the object or its HelmRelease; null when none does.</summary>
    public ResourceReference? Kustomization { get; init; }

    /// <summary>What applies the Kustomization, up to the root.</summary>
    public IReadOnlyList<ResourceReference> Parents { get; init; } = [];

    /// <summary>The Kustomization's source; without a Kustomization the chart's.</summary>
    public ResourceReference? Source { get; init; }

    /// <summary>Address of the source.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Revision that is applied, such as <c>main@sha1:…</c>; without a Kustomization the chart's version.</summary>
    public string? Revision { get; init; }

    /// <summary>Hash of the commit of that revision; null when it is of no Git repository.</summary>
    public string? Commit { get; init; }

    /// <summary>Who wrote the commit; null when the clone does not have it.</summary>
    public string? Author { get; init; }

    /// <summary>When the commit was written, local time.</summary>
    public DateTime? CommitTime { get; init; }

    /// <summary>First line of the commit's message.</summary>
    public string? Subject { get; init; }

    /// <summary>Folder of the clone that was read; null when none is known.</summary>
    public string? Repository { get; init; }

    /// <summary>File that the object, or its HelmRelease, is written in, as a path of the repository; null when it is not known.</summary>
    public string? File { get; init; }

    /// <summary>Line where it begins, counted from 1; null when it is not known.</summary>
    public int? Line { get; init; }

    /// <summary>Last commit that changed the file, up to the applied revision.</summary>
    public GitCommit? LastChange { get; init; }

    /// <summary>What is missing, old or doubtful in the trace.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The notes in one text.</summary>
    public string Message => string.Join("; ", Notes);
}
