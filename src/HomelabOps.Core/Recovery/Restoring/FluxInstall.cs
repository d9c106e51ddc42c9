using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Journal;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>What a repository installs Flux with, and what Flux makes of it.</summary>
internal sealed record FluxInstall
{
    /// <summary>What the repository is called.</summary>
    public required string Repository { get; init; }

    /// <summary>The folder of the cluster.</summary>
    public required string Path { get; init; }

    /// <summary>Flux' own objects.</summary>
    public required IReadOnlyList<JsonObject> Components { get; init; }

    /// <summary>What sets Flux to work: the source and the first Kustomization.</summary>
    public required IReadOnlyList<JsonObject> Sync { get; init; }

    /// <summary>All Kustomizations that come of it, as <c>namespace/name</c>.</summary>
    public required IReadOnlyList<string> Kustomizations { get; init; }

    /// <summary>The empty Secret that MetalLB's webhook waits for, with its namespace; null where Git has it, or nothing needs it.</summary>
    public required (JsonObject Namespace, string Name)? WebhookSecret { get; init; }

    /// <summary>All sources that Git has, as <c>kind/namespace/name</c>.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The branch that was read.</summary>
    public required string Branch { get; init; }

    /// <summary>The commit that was read.</summary>
    public required string Commit { get; init; }

    /// <summary>The source.</summary>
    public JsonObject Source => Sync.First(FluxFiles.IsRepository);

    /// <summary>The first Kustomization.</summary>
    public JsonObject Root => Sync.First(ObjectText.IsFluxKustomization);

    /// <summary>Version of Flux, as its objects say.</summary>
    public string Version => Components.Select(item => Scalars.Text((item["metadata"]?["labels"] as JsonObject)?["app.kubernetes.io/version"])).FirstOrDefault(version => version is not null) ?? "";

    /// <summary>The address that Flux reads.</summary>
    public string Url => Scalars.Text(Source["spec"]?["url"]) ?? "";

    /// <summary>The Secret that the source names; null for none.</summary>
    public string? SecretName => Scalars.Text(Source["spec"]?["secretRef"]?["name"]);

    /// <summary>What the source follows where that is no branch, such as a tag; null for a branch.</summary>
    public string? Fixed => (Source["spec"]?["ref"] as JsonObject)?.Where(entry => entry.Key != "branch" && FollowedBranch is null).Select(entry => $"{entry.Key} {Scalars.Text(entry.Value)}").FirstOrDefault();

    /// <summary>Namespace of the source.</summary>
    public string Namespace => ObjectText.Namespace(Source);

    // Without any reference Flux follows master, whatever the remote calls its own.
    private string? FollowedBranch => Source["spec"]?["ref"] is not JsonObject { Count: > 0 } reference ? "master"
        : Scalars.Text(reference["name"]) is { } name ? BranchName.Of(name)
        : reference.Any(entry => entry.Key != "branch") ? null
        : Scalars.Text(reference["branch"]);

    /// <summary>Reads the newest commit of the remote.</summary>
    /// <param name="location">The repository.</param>
    /// <param name="path">The folder of the cluster; null where there is one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">RecoveryFluxMissing, RecoveryPathUnknown, RecoveryPathAmbiguous, RecoveryBranchDiffers, ManifestInvalid, and those of the build and of the repository.</exception>
    public static Task<FluxInstall> ReadAsync(RepositoryLocation location, string? path, CancellationToken cancellationToken) => new RepositoryCommitter(location, ChangeJournal.ForUser()).ReadPlaceAsync((place, tip) =>
    {
        var files = new GitTreeFiles(place.Repository, tip.Tree, place.Name);
        var view = ManifestView.Read(files, [], cancellationToken);
        var root = Choose(place.Name, [.. view.Index.Files.Where(FluxManifestFolder.IsComponents).Select(FluxManifestFolder.RootOf)], path);
        var flux = FluxFiles.Read(files, place.Name, root == "." ? "/flux-system" : $"/{root}/flux-system");
        var first = flux.Sync.First(ObjectText.IsFluxKustomization);
        var nodes = view.Trees.Where(tree => tree.Nodes[0].File == flux.SyncFile || tree.Nodes[0].Key == Key(first)).SelectMany(tree => tree.Nodes).Where(node => !node.IsRemote).ToList();
        IReadOnlyList<JsonObject> objects = [.. nodes.SelectMany(node => node.Objects).Select(item => item.Content)];
        var install = new FluxInstall
        {
            Repository = place.Name,
            Path = root,
            Branch = place.Branch,
            Commit = tip.Sha,
            Components = flux.Components,
            Sync = flux.Sync,
            Kustomizations = [.. nodes.Select(node => node.Key).Append(Key(first)).Distinct(StringComparer.Ordinal)],
            Sources = [.. flux.Sync.Concat(objects).Where(item => ObjectText.Group(item) == FluxFiles.SourceGroup).Select(item => $"{ObjectText.Kind(item)}/{Key(item)}").Distinct(StringComparer.Ordinal)],
            WebhookSecret = MetalLBBootstrap.Find(objects),
        };
        return install.FollowedBranch is { } followed && followed != install.Branch ? throw Errors.RecoveryBranchDiffers(place.Name, install.Branch, followed) : install;
    }, cancellationToken);

    /// <summary>The newest commit of the remote; the one that was read where it cannot be reached now.</summary>
    public async Task<string> CommitAsync(RepositoryLocation location, CancellationToken cancellationToken)
    {
        try
        {
            return await new RepositoryCommitter(location, ChangeJournal.ForUser()).ReadPlaceAsync((_, tip) => tip.Sha, cancellationToken);
        }
        catch (HomelabException)
        {
            return Commit;
        }
    }

    private static string Choose(string repository, IReadOnlyList<string> roots, string? path)
    {
        var wanted = path?.Replace('\\', '/').Trim('/');
        wanted = wanted is null ? null : wanted.StartsWith("./", StringComparison.Ordinal) ? wanted[2..] : wanted.Length == 0 ? "." : wanted;
        return (wanted, roots) switch
        {
            (_, []) => throw Errors.RecoveryFluxMissing(repository, FluxManifestFolder.Components),
            (null, [var only]) => only,
            (null, _) => throw Errors.RecoveryPathAmbiguous(repository, roots),
            _ => roots.Contains(wanted, StringComparer.Ordinal) ? wanted : throw Errors.RecoveryPathUnknown(path!, repository, roots),
        };
    }

    private static string Key(JsonObject item) => $"{ObjectText.Namespace(item)}/{ObjectText.Name(item)}";
}
