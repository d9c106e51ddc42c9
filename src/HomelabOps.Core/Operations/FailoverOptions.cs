using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Commits.Transports;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Operations;

/// <summary>How applications are moved, and what with.</summary>
internal sealed record FailoverOptions
{
    /// <summary>The cluster.</summary>
    public required ClusterClient Client { get; init; }

    /// <summary>The settings of the homelab.</summary>
    public required HomelabConfig Config { get; init; }

    /// <summary>The repository that Flux applies.</summary>
    public required RepositoryLocation Repository { get; init; }

    /// <summary>Where changes are written down.</summary>
    public required ChangeJournal Journal { get; init; }

    /// <summary>Where charts have values of applications, besides the usual places.</summary>
    public IReadOnlyList<ValuePattern> Patterns { get; init; } = [];

    /// <summary>How pods that look at the target are made.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>How to log in at the hosts of nodes.</summary>
    public SshLogin Login { get; init; } = new();

    /// <summary>How long each step may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(UsualSeconds);

    /// <summary>How long Flux has to come to a commit before it is applied past it.</summary>
    public TimeSpan FluxPatience { get; init; } = CommitArrival.UsualPatience;

    /// <summary>How long a pod may look at a node.</summary>
    public static readonly TimeSpan LookTime = TimeSpan.FromMinutes(1);

    /// <summary>Seconds that each step may take where nothing else was said.</summary>
    public const int UsualSeconds = 900;

    /// <summary>How long copying the data on the target may take.</summary>
    public TimeSpan CopyTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the target may take to pull an image.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where in the clone commits are kept while the remote is not reached; null to push them.</summary>
    public string? LocalReference { get; init; }

    /// <summary>Commits to the repository.</summary>
    public RepositoryCommitter Committer => LocalReference is null ? new(Repository, Journal) : new(Repository, Journal) { Transport = new LocalTransport(LocalReference), Follows = false };
}
