using HomelabOps.Core.Replication;

namespace HomelabOps.Binding;

/// <summary>What came by pipe as an application: a pod stands for what it belongs to, and VolSync's own for nothing.</summary>
internal static class PipedApp
{
    private static readonly string[] Kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "HelmRelease"];

    /// <summary>The application; null for what leads to none.</summary>
    /// <exception cref="Core.HomelabException">NotAReference: a text that names nothing.</exception>
    public static ResourcePattern? Read(object? input) => Piped.Unwrap(input) is HomelabPod pod
        ? pod.App.Length > 0 && pod.Labels.GetValueOrDefault(MoverNames.CreatedBy) != MoverNames.Creator ? new($"{pod.Namespace}/{pod.App}") : null
        : Piped.Typed(input) ?? (Piped.Subject(input) is { } subject && Kinds.Contains(subject.Kind) ? new(subject) : null);
}
