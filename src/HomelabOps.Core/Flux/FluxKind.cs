using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux;

/// <summary>The kinds of Flux, in the order in which content flows through them.</summary>
internal static class FluxKind
{
    public const string SourceGroup = "source.toolkit.fluxcd.io";
    public const string KustomizeGroup = "kustomize.toolkit.fluxcd.io";
    public const string HelmGroup = "helm.toolkit.fluxcd.io";
    public const string ImageGroup = "image.toolkit.fluxcd.io";
    public const string NotificationGroup = "notification.toolkit.fluxcd.io";
    public const string ExtensionGroup = "source.extensions.fluxcd.io";

    public const string GitRepository = "GitRepository";
    public const string Kustomization = "Kustomization";
    public const string HelmRelease = "HelmRelease";
    public const string HelmChart = "HelmChart";

    /// <summary>Groups to discover.</summary>
    public static IReadOnlyList<string> Groups { get; } = [SourceGroup, KustomizeGroup, HelmGroup, ImageGroup, NotificationGroup, ExtensionGroup];

    /// <summary>Kinds of sources.</summary>
    public static IReadOnlyList<string> Sources { get; } = [GitRepository, "OCIRepository", "Bucket", "HelmRepository", HelmChart, "ExternalArtifact"];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Sources, "ArtifactGenerator", Kustomization, HelmRelease,
        "ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "Receiver", "Provider", "Alert",
    ];

    /// <summary>The key of an object that is referred to; null when the kind is none of those that apply objects.</summary>
    public static ObjectKey? ApplierKey(ResourceReference reference) => reference.Kind switch
    {
        Kustomization => new(KustomizeGroup, reference.Kind, reference.Namespace, reference.Name),
        HelmRelease => new(HelmGroup, reference.Kind, reference.Namespace, reference.Name),
        _ => null,
    };

    /// <summary>Whether content flows through objects of a kind, from a source to what is applied.</summary>
    public static bool IsFlow(string kind) => Order(kind) <= Order(HelmRelease);

    /// <summary>Place of a kind in <see cref="All"/>; kinds of later versions of Flux come last.</summary>
    public static int Order(string kind)
    {
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index] == kind)
            {
                return index;
            }
        }

        return All.Count;
    }
}
