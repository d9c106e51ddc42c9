using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>The objects of the folder flux-system: those of Flux itself, and what sets it to work.</summary>
/// <param name="Components">Flux' own objects, and what else the folder has.</param>
/// <param name="Sync">Sources and Kustomizations.</param>
/// <param name="SyncFile">The file that they are in.</param>
internal sealed record FluxFiles(IReadOnlyList<JsonObject> Components, IReadOnlyList<JsonObject> Sync, string SyncFile)
{
    public const string SourceGroup = "source.toolkit.fluxcd.io";

    /// <summary>A repository that Flux fetches with git.</summary>
    public static bool IsRepository(JsonObject item) => ObjectText.Is(item, SourceGroup, "GitRepository");

    /// <summary>
    /// Reads them, built as <c>flux bootstrap</c> does: the kustomization of the folder may patch them, with a proxy or the images of a mirror for
    /// example, without which the controllers may never come up. A folder without one is taken as it is.
    /// </summary>
    /// <param name="files">The files of the repository.</param>
    /// <param name="repository">What it is called.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="HomelabException">RecoveryFluxMissing, ManifestInvalid, KustomizationInvalid, KustomizationUnsupported, KustomizeBuildFailed.</exception>
    public static FluxFiles Read(IBuildFiles files, string repository, string folder)
    {
        var (kustomization, syncFile) = (FluxFolder.FileOf(files, folder), $"{folder}/{FluxManifestFolder.Sync}");
        IReadOnlyList<JsonObject> objects = kustomization is null
            ? [.. Raw(files, $"{folder}/{FluxManifestFolder.Components}"), .. Raw(files, syncFile)]
            : [.. KustomizeBuild.Run(files, folder, new KustomizeOptions { AllowsFilesOutside = true, KeepsOrder = true }).Objects.Select(item => item.Content)];
        var sync = objects.Where(IsSync).ToList();
        if (!sync.Exists(IsRepository) || !sync.Exists(ObjectText.IsFluxKustomization))
        {
            throw Errors.RecoveryFluxMissing(repository, (kustomization is not null && files.Resolve(syncFile) is not null ? kustomization : syncFile).TrimStart('/'));
        }

        // What SOPS has encrypted only Flux can apply.
        return new([.. objects.Where(item => !IsSync(item) && !ObjectText.IsEncrypted(item))], sync, syncFile);
    }

    private static bool IsSync(JsonObject item) => ObjectText.Group(item) == SourceGroup || ObjectText.IsFluxKustomization(item);

    private static IEnumerable<JsonObject> Raw(IBuildFiles files, string path) =>
        files.Resolve(path) is { } file ? ManifestReader.Read(path.TrimStart('/'), files.Read(file)).Select(manifest => manifest.Content) : [];
}
