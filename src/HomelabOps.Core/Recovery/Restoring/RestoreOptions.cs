using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>How a cluster is brought back.</summary>
internal sealed record RestoreOptions
{
    /// <summary>The cluster.</summary>
    public required ClusterClient Client { get; init; }

    /// <summary>Its settings.</summary>
    public required HomelabConfig Config { get; init; }

    /// <summary>The repository.</summary>
    public required RepositoryLocation Repository { get; init; }

    /// <summary>The folder of the cluster in it, as <c>flux bootstrap --path</c> had it; null where there is one.</summary>
    public string? Path { get; init; }

    /// <summary>Where changes are written down.</summary>
    public required ChangeJournal Journal { get; init; }

    /// <summary>By what Flux reads the repository; null for what the cluster has.</summary>
    public SourceLogin? Login { get; init; }

    /// <summary>Also where Flux follows another repository, and over a Secret of other content.</summary>
    public bool Force { get; init; }

    /// <summary>How long all of it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}
