using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;
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

    /// <summary>The source.</summary>
    public JsonObject Source => Sync.First(item => Scalars.Text(item["kind"]) == "GitRepository");

    /// <summary>The first Kustomization.</summary>
    public JsonObject Root => Sync.First(item => Scalars.Text(item["kind"]) == "Kustomization");

    /// <summary>Version of Flux, as its objects say.</summary>
    public string Version => Components.Select(item => Scalars.Text((item["metadata"]?["labels"] as JsonObject)?["app.kubernetes.io/version"])).FirstOrDefault(version => version is not null) ?? "";

    /// <summary>The address that Flux reads.</summary>
    public string Url => Scalars.Text(Source["spec"]?["url"]) ?? "";

    /// <summary>The Secret that the source names; null for none.</summary>
    public string? SecretName => Scalars.Text(Source["spec"]?["secretRef"]?["name"]);

    /// <summary>Namespace of the source.</summary>
    public string Namespace => ObjectText.Namespace(Source);

    /// <summary>Reads the newest commit of the remote.</summary>
    /// <param name="location">The repository.</param>
    /// <param name="path">The folder of the cluster; null where there is one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">RecoveryFluxMissing, RecoveryPathUnknown, RecoveryPathAmbiguous, ManifestInvalid, and those of the repository.</exception>
    public static Task<FluxInstall> ReadAsync(RepositoryLocation location, string? path, CancellationToken cancellationToken) => new RepositoryCommitter(location, ChangeJournal.ForUser()).ReadAsync((git, tip, name) =>
    {
        var files = new GitTreeFiles(git, tip.Tree, name);
        var view = ManifestView.Read(files, [], cancellationToken);
        var root = Choose(name, [.. view.Index.Files.Where(FluxManifestFolder.IsComponents).Select(FluxManifestFolder.RootOf)], path);
        var folder = root == "." ? "/flux-system" : $"/{root}/flux-system";
        var sync = Read(files, $"{folder}/{FluxManifestFolder.Sync}") is { Count: > 0 } found && found.Any(item => Scalars.Text(item["kind"]) == "GitRepository") && found.Any(item => Scalars.Text(item["kind"]) == "Kustomization")
            ? found
            : throw Errors.RecoveryFluxMissing(name, $"{folder}/{FluxManifestFolder.Sync}".TrimStart('/'));
        var first = sync.First(item => Scalars.Text(item["kind"]) == "Kustomization");
        var nodes = view.Trees.Where(tree => tree.Nodes[0].File == $"{folder}/{FluxManifestFolder.Sync}" || tree.Nodes[0].Key == Key(first)).SelectMany(tree => tree.Nodes).Where(node => !node.IsRemote).ToList();
        return new FluxInstall
        {
            Repository = name,
            Path = root,
            Components = Read(files, $"{folder}/{FluxManifestFolder.Components}"),
            Sync = sync,
            Kustomizations = [.. nodes.Select(node => node.Key).Append(Key(first)).Distinct(StringComparer.Ordinal)],
            WebhookSecret = MetalLBBootstrap.Find([.. nodes.SelectMany(node => node.Objects).Select(item => item.Content)]),
        };
    }, cancellationToken);

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

    private static List<JsonObject> Read(GitTreeFiles files, string path) =>
        files.Resolve(path) is { } file ? [.. ManifestReader.Read(path.TrimStart('/'), files.Read(file)).Select(manifest => manifest.Content)] : [];

    private static string Key(JsonObject item) => $"{ObjectText.Namespace(item)}/{ObjectText.Name(item)}";
}
