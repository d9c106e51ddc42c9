using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>A cluster and a repository that are to be copied, and what is to be rehearsed there. Nothing has been changed.</summary>
internal sealed record CopyPlan
{
    private const string Applies = "kustomize.toolkit.fluxcd.io";

    /// <summary>The objects.</summary>
    public required ClusterCopy Cluster { get; init; }

    /// <summary>What is copied of the repository.</summary>
    public required CopiedBranches Branches { get; init; }

    /// <summary>Where the repository is.</summary>
    public required RepositoryCommitter Repository { get; init; }

    /// <summary>What the repository is called.</summary>
    public required string Place { get; init; }

    /// <summary>The settings, without the hosts of the nodes: nobody must log in at the real ones.</summary>
    public required HomelabConfig Config { get; init; }

    /// <summary>A drill for each application.</summary>
    public required IReadOnlyList<DrillScenario> Drills { get; init; }

    /// <summary>What is to be told: what could not be read, and what cannot be rehearsed.</summary>
    public required IReadOnlyList<Notice> Notices { get; init; }

    /// <summary>Makes it. Both are only read.</summary>
    /// <param name="options">The cluster, its settings and its repository.</param>
    /// <param name="scenarios">What is rehearsed.</param>
    /// <param name="names">Which applications; empty for all that have a copy on another node.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">DrillCopyOtherRepository, DrillNothingToRehearse, and those of the repository and of the cluster.</exception>
    public static async Task<CopyPlan> MakeAsync(FailoverOptions options, IReadOnlyList<DrillScenario> scenarios, IReadOnlyList<ResourcePattern> names, CancellationToken cancellationToken)
    {
        var cluster = await ClusterCopyReader.ReadAsync(options.Client, cancellationToken);
        var branches = await options.Committer.ReadHeadAsync((git, head, _) => CopiedBranches.Of(cluster, git, head), cancellationToken);
        var (drills, notices) = await CopyDrills.FindAsync(options, cluster, scenarios, names, cancellationToken);
        return new()
        {
            Cluster = cluster,
            Branches = branches,
            Repository = options.Committer,
            Place = options.Repository.ToString(),
            Config = options.Config with { Nodes = [] },
            Drills = drills,
            Notices = [.. cluster.Unread.Select(error => new WarningNotice(Errors.Text("DrillCopyUnread", error.Message))), .. notices, .. Limits(cluster, branches).Select(text => new WarningNotice(text))],
        };
    }

    /// <summary>What is rehearsed, for people.</summary>
    public string Titles => string.Join(", ", Drills.Select(drill => drill.Title));

    /// <summary>Whether Flux cannot read a source there, or an object reads such a source: it stays as it is.</summary>
    /// <param name="item">A GitRepository or a Kustomization.</param>
    public bool IsFrozen(JsonObject item) => IsFrozen(Cluster, Branches, item);

    private static bool IsFrozen(ClusterCopy cluster, CopiedBranches branches, JsonObject item)
    {
        if ((string?)item["kind"] == "GitRepository")
        {
            return !branches.Has(item);
        }

        var source = item["spec"]?["sourceRef"];
        var place = ((string?)source?["namespace"] ?? (string?)item["metadata"]?["namespace"], (string?)source?["name"]);
        return item["spec"]?["kubeConfig"] is not null || (string?)source?["kind"] != "GitRepository"
            || cluster.Of("source.toolkit.fluxcd.io", "GitRepository").Any(each => ((string?)each["metadata"]?["namespace"], (string?)each["metadata"]?["name"]) == place && !branches.Has(each));
    }

    private static IEnumerable<string> Limits(ClusterCopy cluster, CopiedBranches branches)
    {
        var kustomizations = cluster.Of(Applies, "Kustomization").ToList();
        var told = new (string Text, IEnumerable<string> Names)[]
        {
            ("DrillCopyBehind", branches.Behind),
            ("DrillCopyKeys", cluster.UnknownKeys),
            ("DrillCopyFrozen", kustomizations.Where(item => IsFrozen(cluster, branches, item)).Select(NameOf)),
            ("DrillCopyVariables", kustomizations.Where(item => (item["spec"]?["postBuild"]?["substituteFrom"] as JsonArray ?? []).Any(from => (string?)from?["kind"] == "Secret")).Select(NameOf)),
            ("DrillCopyEncrypted", kustomizations.Where(item => item["spec"]?["decryption"] is not null).Select(NameOf)),
        };
        return told.Select(each => (each.Text, Names: string.Join(", ", each.Names))).Where(each => each.Names.Length > 0).Select(each => Errors.Text(each.Text, each.Names));
    }

    private static string NameOf(JsonObject item) => $"{(string?)item["metadata"]?["namespace"]}/{(string?)item["metadata"]?["name"]}";
}
