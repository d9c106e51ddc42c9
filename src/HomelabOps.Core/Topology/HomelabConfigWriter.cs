using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Topology;

/// <summary>Makes the text of homelab.yaml: the same settings always give the same text, and reading it gives the settings again.</summary>
internal static partial class HomelabConfigWriter
{
    /// <summary>The text of the file.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="file">Where it will lie; the repository's path is written relative to it where it is near.</param>
    public static string Write(HomelabConfig config, string file)
    {
        var text = new StringBuilder()
            .Append("# Topology of the homelab, for HomelabOps (about_HomelabOps_Config). What is left out has the runbook's value.\n")
            .Append("# No secret ever goes in: credentials come from the kubeconfig, from SSH's own configuration and from Git's.\n");
        Setting(text, "Node that applications run on.", "primaryNode", config.PrimaryNode);
        Setting(text, "Node that a failover moves them to.", "backupNode", config.BackupNode);
        Setting(text, "Node label whose values are primary and backup.", "nodeRoleLabel", config.NodeRoleLabel);
        Nodes(text, config.Nodes);
        Setting(text, "Folder of the nodes below which application state lies.", "podStoragePath", config.PodStoragePath);
        Mounts(text, config.Mounts);
        Setting(text, "Name of an application's claim; <app> stands for the application.", "claimPattern", config.ClaimPattern);
        Setting(text, "Name of its claim on the backup node.", "backupClaimPattern", config.BackupClaimPattern);
        Setting(text, "Label selector of the Syncthing pods, for those that do not carry VolSync's own labels.", "syncthingSelector", config.SyncthingSelector);
        Setting(text, "Flux Kustomization that owns the storage manifests.", "storageKustomization", config.StorageKustomization);
        Comment(text, "Folder of the Git working copy; a relative path counts from this file.");
        if (config.Repository is { } repository)
        {
            text.Append("repository: ").Append(Scalar(Relative(repository, file))).Append('\n');
        }
        else
        {
            text.Append("# repository: .\n");
        }

        Setting(text, "Namespace of the Flux controllers.", "fluxNamespace", config.FluxNamespace);
        Setting(text, "Namespace of MetalLB.", "metalLBNamespace", config.MetalLBNamespace);
        ValuePaths(text, config.ValuePaths);
        return text.ToString();
    }

    private static void Nodes(StringBuilder text, IReadOnlyList<HomelabConfigNode> nodes)
    {
        Comment(text, "How each node's host is reached. kind: lxc, vm or host; sshHost: [user@]host[:port], for lxc and vm that of the hypervisor; vmId: the number there.");
        if (nodes.Count == 0)
        {
            text.Append("nodes: []\n");
            return;
        }

        text.Append("nodes:\n");
        foreach (var node in nodes)
        {
            text.Append("  - name: ").Append(Scalar(node.Name)).Append('\n');

            // The API of Kubernetes does not tell what a node is made of, so a kind of which nothing else is known is a placeholder.
            var isKnown = node.Kind != HomelabNodeKind.Lxc || node.SshHost is not null || node.VmId is not null;
            Part(text, isKnown, "kind", Name(node.Kind));
            Part(text, node.SshHost is not null, "sshHost", Scalar(node.SshHost ?? "root@proxmox.lan"));
            if (node.Kind != HomelabNodeKind.Host)
            {
                Part(text, node.VmId is not null, "vmId", (node.VmId ?? 101).ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static void Mounts(StringBuilder text, IReadOnlyList<HomelabConfigMount> mounts)
    {
        Comment(text, "Mounts of the nodes. source: server:/export; version: of NFS; options: those that must be there; nodes: those that must have it. What is left out is not checked, without nodes all are meant.");
        if (mounts.Count == 0)
        {
            text.Append("mounts: []\n");
            return;
        }

        text.Append("mounts:\n");
        foreach (var mount in mounts)
        {
            text.Append("  - path: ").Append(Scalar(mount.Path)).Append('\n');
            Part(text, mount.Source is not null, "source", Scalar(mount.Source ?? "nas.lan:/export/media"));
            Part(text, mount.Version is not null, "version", mount.Version is null ? "'3'" : Scalar(mount.Version));
            if (mount.Options.Count > 0)
            {
                Part(text, true, "options", List(mount.Options));
            }

            if (mount.Nodes.Count > 0)
            {
                Part(text, true, "nodes", List(mount.Nodes));
            }
        }
    }

    private static void ValuePaths(StringBuilder text, IReadOnlyList<HomelabConfigValuePath> paths)
    {
        Comment(text, "Where charts have values of applications, besides the usual places. field: image, replicas, claim, node or resources; path: keys with points between them, * for any key, ** for any number.");
        text.Append(paths.Count == 0 ? "valuePaths: []\n" : "valuePaths:\n");
        foreach (var path in paths)
        {
            text.Append("  - field: ").Append(path.Field.ToString().ToLowerInvariant()).Append('\n');
            Part(text, true, "path", Scalar(path.Path));
        }
    }

    private static void Setting(StringBuilder text, string comment, string key, string value)
    {
        Comment(text, comment);
        text.Append(key).Append(": ").Append(Scalar(value)).Append('\n');
    }

    private static void Comment(StringBuilder text, string comment) => text.Append("\n# ").Append(comment).Append('\n');

    private static void Part(StringBuilder text, bool isKnown, string key, string value) =>
        text.Append(isKnown ? "    " : "    # ").Append(key).Append(": ").Append(value).Append('\n');

    private static string Name(HomelabNodeKind kind) => kind.ToString().ToLowerInvariant();

    private static string List(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Scalar))}]";

    // Relative only where the file lies in the repository, or the repository beside or below the file: then both move together.
    private static string Relative(string repository, string file)
    {
        var relative = Path.GetRelativePath(Path.GetDirectoryName(file)!, repository).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../../../", StringComparison.Ordinal) ? repository : relative;
    }

    private static string Scalar(string value)
    {
        if (Plain().IsMatch(value) && !LooksTyped().IsMatch(value))
        {
            return value;
        }

        if (!value.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029' or '\ufeff' || char.IsSurrogate(character)))
        {
            return $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
        }

        var quoted = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                < 0x20 or (>= 0x7f and < 0xa0) or 0x2028 or 0x2029 or 0xfeff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                > 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append('"').ToString();
    }

    // Narrower than YAML allows, so that no reader of any version sees anything but text. Commas would end an item of [a, b].
    [GeneratedRegex(@"^[A-Za-z0-9/._][A-Za-z0-9/._+=@<>-]*(?::[A-Za-z0-9/._+=@<>-]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain();

    // Null, Booleans (of YAML 1.1 too), numbers, times.
    [GeneratedRegex(@"^(?:null|true|false|yes|no|on|off|y|n|[-+]?[._]*[0-9][0-9._]*(?:e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|[-+]?\.(?:inf|nan)|[0-9]+(?:[-:][0-9.:tz+-]+)+)$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex LooksTyped();
}
