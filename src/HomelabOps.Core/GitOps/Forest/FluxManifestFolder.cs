using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Where a repository has what installs Flux: <c>&lt;path&gt;/flux-system</c> with gotk-components.yaml and gotk-sync.yaml.</summary>
internal static class FluxManifestFolder
{
    public const string Components = "gotk-components.yaml";
    public const string Sync = "gotk-sync.yaml";
    private const string Folder = "flux-system";

    /// <summary>Whether a file has Flux' own objects.</summary>
    public static bool IsComponents(string file) => file.EndsWith($"/{Folder}/{Components}", StringComparison.Ordinal);

    /// <summary>Whether a file has what sets Flux to work.</summary>
    public static bool IsSync(string file) => file.EndsWith($"{Folder}/{Sync}", StringComparison.Ordinal) && IsOf(file);

    /// <summary>Whether a file lies in the folder of Flux.</summary>
    public static bool IsOf(string file) => BuildPath.Name(BuildPath.Folder(file)) == Folder;

    /// <summary>The path that the folder lies in, as <c>flux bootstrap --path</c> takes it; a dot for the root.</summary>
    public static string RootOf(string components) => BuildPath.Folder(BuildPath.Folder(components)).Trim('/') is { Length: > 0 } path ? path : ".";
}
