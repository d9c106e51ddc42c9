using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery;

/// <summary>What a repository would bring back.</summary>
internal sealed record GitContent
{
    /// <summary>What the repository is called.</summary>
    public required string Repository { get; init; }

    /// <summary>All objects, as Flux builds them or, in the folder of Flux, as they are written.</summary>
    public required IReadOnlySet<ObjectKey> Objects { get; init; }

    /// <summary>The Kustomizations that cannot be built, with why.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>Files with what installs Flux.</summary>
    public required IReadOnlyList<string> FluxFolders { get; init; }

    /// <summary>What SOPS has encrypted.</summary>
    public required IReadOnlyList<EncryptedFile> Encrypted { get; init; }

    /// <summary>Reads the newest commit of the remote.</summary>
    /// <exception cref="HomelabException">Those of the repository.</exception>
    public static Task<GitContent> ReadAsync(RepositoryLocation location, CancellationToken cancellationToken) => new RepositoryCommitter(location, ChangeJournal.ForUser()).ReadAsync((git, tip, name) =>
    {
        var view = ManifestView.Read(new GitTreeFiles(git, tip.Tree, name), [], cancellationToken);
        var nodes = view.Trees.SelectMany(tree => tree.Nodes).ToList();
        var folders = view.Index.Files.Where(FluxManifestFolder.IsComponents).Select(FluxManifestFolder.RootOf).ToList();
        return new GitContent
        {
            Repository = name,
            Objects = nodes.SelectMany(node => node.Objects).Select(item => ObjectKey.Of(item.Content))
                .Concat(view.Index.Objects.Where(item => FluxManifestFolder.IsOf(item.File)).Select(item => new ObjectKey(ObjectKey.GroupOf(item.ApiVersion), item.Kind, item.Namespace, item.Name))).ToHashSet(),
            Broken = [.. nodes.Where(node => node.Failure is not null).Select(node => $"{node.Reference}: {node.Failure!.Message}")],
            FluxFolders = folders,
            Encrypted = [.. view.Index.Contents.SelectMany(file => file.Documents.Select(document => document.Root.Find("sops")).OfType<YamlNode>().Where(sops => sops.Find("mac") is not null).Select(sops => EncryptedFile.Of(file.Path.TrimStart('/'), sops)))],
        };
    }, cancellationToken);
}
