using System.Globalization;

namespace HomelabOps;

/// <summary>How the default view shows the parts of a <see cref="HomelabConfig"/>.</summary>
public static class ConfigDisplay
{
    /// <summary>The file, or that there is none.</summary>
    /// <param name="config">The settings.</param>
    public static string Origin(HomelabConfig? config) => config?.Path ?? "(none: the runbook's defaults)";

    /// <summary>The nodes with what is known of their hosts: <c>k3s-w1 (Lxc 101 on root@pve), k3s-w2</c>.</summary>
    /// <param name="config">The settings.</param>
    public static string Nodes(HomelabConfig? config) => string.Join(", ", (config?.Nodes ?? []).Select(node =>
        node.SshHost is null && node.VmId is null && node.Kind == HomelabNodeKind.Lxc
            ? node.Name
            : string.Create(CultureInfo.InvariantCulture, $"{node.Name} ({node.Kind}{(node.VmId is { } id ? $" {id}" : "")}{(node.SshHost is { } host ? $" on {host}" : "")})")));

    /// <summary>The mounts with what they must be: <c>/data/media from nas:/media (NFS 3) on k3s-w1</c>.</summary>
    /// <param name="config">The settings.</param>
    public static string Mounts(HomelabConfig? config) => string.Join("; ", (config?.Mounts ?? []).Select(mount =>
        $"{mount.Path}{(mount.Source is { } source ? $" from {source}" : "")}{(mount.Version is { } version ? $" (NFS {version})" : "")}{(mount.Nodes.Count > 0 ? $" on {string.Join(", ", mount.Nodes)}" : "")}"));
}
