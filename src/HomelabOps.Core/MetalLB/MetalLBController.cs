using System.Text.RegularExpressions;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.MetalLB;

/// <summary>MetalLB's controller, as its Deployment says.</summary>
internal sealed partial record MetalLBController
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Image { get; init; }

    /// <summary>Its container.</summary>
    public string Container { get; init; } = "controller";

    /// <summary>Its labels, which say who applies it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public required ControllerSettings Settings { get; init; }

    /// <summary>Something is mounted where the controller looks for its pair.</summary>
    public bool HasMount { get; init; }

    /// <summary>The Secret that is mounted there; null for none, and for volumes of another kind.</summary>
    public string? MountedSecret { get; init; }

    /// <summary>The pod starts without that Secret as well.</summary>
    public bool IsMountOptional { get; init; }

    public string ServiceAccount { get; init; } = "default";

    /// <summary>Pods that it should have.</summary>
    public int Replicas { get; init; } = 1;

    public int ReadyReplicas { get; init; }

    /// <summary>Labels of its pods, as a selector.</summary>
    public string Selector { get; init; } = "";

    public bool IsReady => Replicas > 0 && ReadyReplicas > 0;

    /// <summary>Whether a Deployment is MetalLB's controller, by the labels of its manifests or of its chart, or by its image.</summary>
    public static bool Is(ControllerWire wire) => ContainerOf(wire) is not null
        && (HasLabels(wire.Metadata, "app", "component") || HasLabels(wire.Metadata, "app.kubernetes.io/name", "app.kubernetes.io/component") || IsImage(ContainerOf(wire)!.Image));

    /// <summary>Reads what <see cref="Is"/> accepts.</summary>
    public static MetalLBController Of(ControllerWire wire)
    {
        var container = ContainerOf(wire)!;
        var settings = ControllerSettings.Of(container.Image ?? "", [.. container.Command ?? [], .. container.Args ?? []]);
        var mount = container.VolumeMounts?.Find(item => item.MountPath.TrimEnd('/') == settings.CertificateFolder)?.Name;
        var volume = wire.Spec!.Template!.Spec!.Volumes?.Find(item => item.Name == mount);
        var projected = volume?.Projected?.Sources?.Find(source => source.Secret is not null)?.Secret;
        var mounted = volume?.Secret?.SecretName ?? projected?.Name;
        if (!settings.Rotates && mounted is not null)
        {
            // Nobody looks for a Secret by its name then: what is mounted is what is served.
            settings = settings with { Secret = mounted };
        }

        return new()
        {
            Namespace = wire.Metadata.Namespace ?? "",
            Name = wire.Metadata.Name,
            Image = container.Image ?? "",
            Container = container.Name,
            Labels = wire.Metadata.Labels ?? [],
            Settings = settings,
            HasMount = volume is not null,
            MountedSecret = mounted,
            IsMountOptional = (volume?.Secret?.Optional ?? projected?.Optional) == true,
            ServiceAccount = wire.Spec.Template.Spec.ServiceAccountName is { Length: > 0 } account ? account : "default",
            Replicas = wire.Spec.Replicas ?? 1,
            ReadyReplicas = wire.Status?.ReadyReplicas ?? 0,
            Selector = string.Join(',', (wire.Spec.Selector?.MatchLabels ?? []).Select(label => $"{label.Key}={label.Value}")),
        };
    }

    private static ControllerContainerWire? ContainerOf(ControllerWire wire) => (wire.Spec?.Template?.Spec?.Containers ?? []) is var all
        ? all.Find(container => IsImage(container.Image)) ?? all.Find(container => container.Name is "controller" or "metallb-controller")
        : null;

    private static bool HasLabels(MetadataWire metadata, string app, string component) => metadata.Label(app) == "metallb" && metadata.Label(component) == "controller";

    /// <summary>Whether an image is that of MetalLB's controller.</summary>
    public static bool IsImage(string? image) => image is not null && ControllerImage().IsMatch(image);

    // quay.io/metallb/controller, and what others build of it, such as bitnami/metallb-controller.
    [GeneratedRegex(@"(^|/)metallb[/-]controller([:@]|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ControllerImage();
}
