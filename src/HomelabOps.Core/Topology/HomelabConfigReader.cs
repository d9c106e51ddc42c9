using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace HomelabOps.Core.Topology;

/// <summary>Understands the text of homelab.yaml. What it leaves out has the runbook's value.</summary>
internal static partial class HomelabConfigReader
{
    private static readonly string[] Keys =
    [
        "primaryNode", "backupNode", "nodeRoleLabel", "nodes", "podStoragePath", "mounts", "claimPattern", "backupClaimPattern",
        "syncthingSelector", "storageKustomization", "repository", "fluxNamespace", "metalLBNamespace", "valuePaths",
    ];

    private static readonly string[] NodeKeys = ["name", "kind", "sshHost", "vmId"];

    private static readonly string[] MountKeys = ["path", "source", "version", "options", "nodes"];

    private static readonly string[] ValuePathKeys = ["field", "path"];

    /// <summary>Reads the text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file's absolute path, which the repository's path counts from.</param>
    /// <param name="home">The user's home folder, for a repository below ~.</param>
    /// <exception cref="HomelabException">HomelabConfigInvalid.</exception>
    public static HomelabConfig Read(TextReader text, string file, string home)
    {
        IReadOnlyList<YamlItem> documents;
        try
        {
            documents = YamlItem.ReadAll(text);
        }
        catch (YamlException exception)
        {
            throw Errors.HomelabConfigInvalid(file, exception.Start.Line, exception.Start.Column, Errors.Text("Detail_ConfigYaml", Describe(exception)));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet's scanner trips over some broken files and does not say where.
            throw Errors.HomelabConfigInvalid(file, 1, 1, Errors.Text("Detail_ConfigYaml", "invalid YAML"));
        }

        var defaults = new HomelabConfig { Path = file };
        if (documents.Count > 1)
        {
            throw Errors.HomelabConfigInvalid(file, documents[1].Line, documents[1].Column, Errors.Text("Detail_ConfigDocuments"));
        }

        return documents is [{ IsNull: false } root] ? Map(root, file, home, defaults) : defaults;
    }

    private static HomelabConfig Map(YamlItem root, string file, string home, HomelabConfig defaults)
    {
        if (root.Entries is null)
        {
            throw Errors.HomelabConfigInvalid(file, root.Line, root.Column, Errors.Text("Detail_ConfigRoot"));
        }

        var section = new ConfigSection(file, root, "homelab.yaml", Keys);
        var config = defaults with
        {
            PrimaryNode = section.Text("primaryNode") ?? defaults.PrimaryNode,
            BackupNode = section.Text("backupNode") ?? defaults.BackupNode,
            NodeRoleLabel = section.Text("nodeRoleLabel") ?? defaults.NodeRoleLabel,
            Nodes = Unique(section, "nodes", [.. section.Items("nodes").Select(item => (item, Node(file, item)))], node => node.Name, "Detail_ConfigNodeTwice"),
            PodStoragePath = section.NodePath("podStoragePath") ?? defaults.PodStoragePath,
            Mounts = !section.Has("mounts") ? defaults.Mounts
                : Unique(section, "mounts", [.. section.Items("mounts").Select(item => (item, Mount(file, item)))], mount => mount.Path, "Detail_ConfigMountTwice"),
            ClaimPattern = section.Pattern("claimPattern") ?? defaults.ClaimPattern,
            BackupClaimPattern = section.Pattern("backupClaimPattern") ?? defaults.BackupClaimPattern,
            SyncthingSelector = section.Text("syncthingSelector") ?? defaults.SyncthingSelector,
            StorageKustomization = section.Text("storageKustomization") ?? defaults.StorageKustomization,
            Repository = Repository(section, file, home),
            FluxNamespace = section.Text("fluxNamespace") ?? defaults.FluxNamespace,
            MetalLBNamespace = section.Text("metalLBNamespace") ?? defaults.MetalLBNamespace,
            ValuePaths = Unique(section, "valuePaths", [.. section.Items("valuePaths").Select(item => (item, ValuePath(file, item)))], path => path.Path, "Detail_ConfigValuePathTwice"),
        };
        if (config.PrimaryNode == config.BackupNode)
        {
            throw section.Invalid(section.Value("backupNode") is null ? "primaryNode" : "backupNode", "Detail_ConfigSameNode");
        }

        if (config.ClaimPattern == config.BackupClaimPattern)
        {
            throw section.Invalid(section.Value("backupClaimPattern") is null ? "claimPattern" : "backupClaimPattern", "Detail_ConfigSamePattern");
        }

        if (config.NodeRoleLabel.Contains('=', StringComparison.Ordinal))
        {
            throw section.Invalid("nodeRoleLabel", "Detail_ConfigLabel");
        }

        return config;
    }

    private static HomelabConfigNode Node(string file, YamlItem item)
    {
        var section = new ConfigSection(file, item, "nodes", NodeKeys);
        var host = section.Text("sshHost");
        if (host is not null && (!SshHost().IsMatch(host)))
        {
            throw section.Invalid("sshHost", "Detail_ConfigSshHost");
        }

        return new HomelabConfigNode
        {
            Name = section.Required("name"),
            Kind = section.Text("kind")?.ToLowerInvariant() switch
            {
                null or "lxc" => HomelabNodeKind.Lxc,
                "vm" => HomelabNodeKind.Vm,
                "host" => HomelabNodeKind.Host,
                _ => throw section.Invalid("kind", "Detail_ConfigKind"),
            },
            SshHost = host,
            VmId = section.Number("vmId"),
        };
    }

    private static HomelabConfigMount Mount(string file, YamlItem item)
    {
        var section = new ConfigSection(file, item, "mounts", MountKeys);
        var path = section.NodePath("path") ?? section.Required("path");
        var source = section.Text("source");
        var options = section.Texts("options");
        if (options.Any(option => SecretOption().IsMatch(option)))
        {
            throw section.Invalid("options", "Detail_ConfigSecret", "options");
        }

        if (source is not null && UserInfo().IsMatch(source))
        {
            throw section.Invalid("source", "Detail_ConfigSecret", "source");
        }

        var version = section.Text("version");
        if (version is not null && !Version().IsMatch(version))
        {
            throw section.Invalid("version", "Detail_ConfigVersion");
        }

        return new HomelabConfigMount { Path = path, Source = source, Version = version, Options = options, Nodes = section.Texts("nodes") };
    }

    private static HomelabConfigValuePath ValuePath(string file, YamlItem item)
    {
        var section = new ConfigSection(file, item, "valuePaths", ValuePathKeys);
        return new HomelabConfigValuePath
        {
            Field = Enum.GetValues<ManifestField>().Cast<ManifestField?>().FirstOrDefault(field => field.ToString()!.Equals(section.Required("field"), StringComparison.OrdinalIgnoreCase)) ?? throw section.Invalid("field", "Detail_ConfigField"),
            Path = section.Required("path"),
        };
    }

    private static string? Repository(ConfigSection section, string file, string home)
    {
        if (section.Text("repository") is not { } folder)
        {
            return null;
        }

        if (folder.Contains("://", StringComparison.Ordinal))
        {
            throw section.Invalid("repository", "Detail_ConfigRepository");
        }

        if (folder == "~" || folder.StartsWith("~/", StringComparison.Ordinal))
        {
            folder = home + folder[1..];
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, Path.GetDirectoryName(file)!));
    }

    private static IReadOnlyList<T> Unique<T>(ConfigSection section, string key, IReadOnlyList<(YamlItem Item, T Value)> items, Func<T, string> name, string detail)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (item, value) in items)
        {
            if (!seen.Add(name(value)))
            {
                throw section.Invalid(item, detail, name(value), key);
            }
        }

        return [.. items.Select(pair => pair.Value)];
    }

    // What the parser says about a place is helpful, what it may quote of the file is not.
    private static string Describe(YamlException exception)
    {
        var text = exception.Message.Trim().TrimEnd('.');
        return text.Contains('\n', StringComparison.Ordinal) || text.Length is 0 or > 160 ? "syntax error" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    [GeneratedRegex(@"^(?:[^\s@:/]+@)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*)|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SshHost();

    [GeneratedRegex(@"^[0-9](\.[0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(?:pass|password|passwd|credentials|cred)\s*=", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SecretOption();

    [GeneratedRegex(@"//[^/@:]*:[^/@]*@", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserInfo();
}
