using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Whether the volumes of a pod can be mounted, and what the kubelet says where they cannot.</summary>
internal static class VolumeChecks
{
    /// <summary>The messages of the volumes that fail; an empty one is of a volume that says nothing and does not come.</summary>
    public static IReadOnlyList<(string Volume, string Message)> Failures(JsonObject pod, PodRun run, ClusterView cluster)
    {
        List<(string, string)>? failures = null;
        foreach (var volume in Cells.Items(pod, "spec.volumes"))
        {
            if (Failure(pod, run, volume, cluster) is { } message)
            {
                (failures ??= []).Add((Cells.Text(volume, "name"), message));
            }
        }

        return failures ?? [];
    }

    /// <summary>Why a container cannot be created over its mounts though the volumes are there: a folder of the host that has gone stale.</summary>
    public static string? CreateFailure(JsonObject pod, PodRun run, ContainerRun container, ClusterView cluster)
    {
        foreach (var mount in Cells.Items(container.Spec, "volumeMounts"))
        {
            var volume = Cells.Items(pod, "spec.volumes").FirstOrDefault(volume => Cells.Text(volume, "name") == Cells.Text(mount, "name"));
            if (volume is not null && ContainerFiles.NodePath(pod, volume, cluster) is { } path && run.Node.Files.Table().MountOf(path).Fault == MountFault.Stale)
            {
                return $"failed to generate container \"{ImageReference.Hash(run.Uid + container.Name)}\" spec: failed to generate spec: failed to stat \"{path}\": stat {path}: stale NFS file handle";
            }
        }

        return null;
    }

    private static string? Failure(JsonObject pod, PodRun run, JsonObject volume, ClusterView cluster)
    {
        var name = Cells.Text(volume, "name");
        if (volume["hostPath"] is { } hostPath)
        {
            return Prefixed(name, HostPath(run.Node, Cells.Text(hostPath, "path"), Cells.Text(hostPath, "type")));
        }

        if (volume["persistentVolumeClaim"] is { } claim)
        {
            return Claim(run, name, Cells.Text(claim, "claimName"), cluster);
        }

        if (volume["nfs"] is { } nfs)
        {
            return Prefixed(name, Nfs(run, name, Cells.Text(nfs, "server"), Cells.Text(nfs, "path")));
        }

        foreach (var source in volume["projected"] is { } projected ? Cells.Items(projected, "sources") : [volume])
        {
            if (Content(source, run.Namespace, cluster) is { } problem)
            {
                return Prefixed(name, problem);
            }
        }

        return null;
    }

    private static string? Content(JsonObject source, string @namespace, ClusterView cluster)
    {
        var isSecret = source["secret"] is not null;
        if (source[isSecret ? "secret" : "configMap"] is not JsonObject reference || (bool?)reference["optional"] == true)
        {
            return null;
        }

        var name = Cells.Text(reference, "name", Cells.Text(reference, "secretName"));
        if ((isSecret ? cluster.Secrets : cluster.ConfigMaps).Find(@namespace, name) is not { } found)
        {
            return $"{(isSecret ? "secret" : "configmap")} \"{name}\" not found";
        }

        var missing = Cells.Items(reference, "items").Select(item => Cells.Text(item, "key")).FirstOrDefault(key => found["data"]?[key] is null && found["binaryData"]?[key] is null);
        return missing is null ? null : $"{(isSecret ? "references non-existent secret key" : "configmap references non-existent config key")}: {missing}";
    }

    private static string? Claim(PodRun run, string volume, string name, ClusterView cluster)
    {
        var claim = cluster.Claims.Find(run.Namespace, name);
        if (claim is null || cluster.VolumeOf(claim) is not { } persistent)
        {
            var why = claim is null ? $"persistentvolumeclaim \"{name}\" not found" : "PVC is not bound";
            return $"Unable to attach or mount volumes: unmounted volumes=[{volume}], unattached volumes=[], failed to process volumes=[{volume}]: error processing PVC {run.Namespace}/{name}: {why}";
        }

        var title = Cells.Text(persistent, "metadata.name");
        if (Cells.Text(persistent, "spec.local.path") is { Length: > 0 } local)
        {
            return Find(run.Node, local) is { Fault: MountFault.Hung } ? "" : Find(run.Node, local).Entry is not null ? null
                : $"MountVolume.NewMounter initialization failed for volume \"{title}\" : path \"{local}\" does not exist";
        }

        if (persistent["spec"]?["nfs"] is { } nfs)
        {
            return Prefixed(title, Nfs(run, title, Cells.Text(nfs, "server"), Cells.Text(nfs, "path")));
        }

        return persistent["spec"]?["hostPath"] is { } hostPath ? Prefixed(title, HostPath(run.Node, Cells.Text(hostPath, "path"), Cells.Text(hostPath, "type"))) : null;
    }

    private static string? HostPath(NodeState node, string path, string type)
    {
        var (entry, fault) = Find(node, path);
        if (fault == MountFault.Hung)
        {
            return "";
        }

        if (fault == MountFault.Stale)
        {
            return type.Length == 0 ? null : $"hostPath type check failed: stat {path}: stale NFS file handle";
        }

        switch (type)
        {
            case "" or "DirectoryOrCreate":
                if (entry is null)
                {
                    node.Files.AddFolder(path);
                }

                return type.Length > 0 && entry?.IsDirectory == false ? $"hostPath type check failed: {path} is not a directory" : null;
            case "Directory":
                return entry?.IsDirectory == true ? null : $"hostPath type check failed: {path} is not a directory";
            case "FileOrCreate":
                return entry?.IsDirectory == true ? $"hostPath type check failed: {path} is not a file" : null;
            case "File":
                return entry?.IsDirectory == false ? null : $"hostPath type check failed: {path} is not a file";
            case "Socket" or "CharDevice" or "BlockDevice":
                var kind = type switch { "Socket" => "socket file", "CharDevice" => "character device", _ => "block device" };
                return entry is not null || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/run/", StringComparison.Ordinal) ? null : $"hostPath type check failed: {path} is not a {kind}";
            default:
                return $"hostPath type check failed: {path} is an invalid volume type";
        }
    }

    private static string? Nfs(PodRun run, string volume, string server, string path)
    {
        var source = $"{server}:{path}";
        var output = run.Node.Fault(source) switch
        {
            MountFault.Hung => "mount.nfs: Connection timed out",
            MountFault.Missing or MountFault.WrongSource => $"mount.nfs: mounting {source} failed, reason given by server: No such file or directory",
            MountFault.WrongVersion => "mount.nfs: Protocol not supported",
            MountFault.Stale => "mount.nfs: Stale file handle",
            _ => null,
        };
        var target = $"/var/lib/kubelet/pods/{run.Uid}/volumes/kubernetes.io~nfs/{volume}";
        return output is null ? null : $"mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs {source} {target}\nOutput: {output}\n";
    }

    private static (FileEntry? Entry, MountFault Fault) Find(NodeState node, string path)
    {
        path = MountTable.Normalize(path);
        var table = node.Files.Table();
        var mount = table.MountOf(path);
        return mount.Fault is MountFault.Hung or MountFault.Stale ? (null, mount.Fault) : (mount.Tree.Find(mount.Within(path)), mount.Fault);
    }

    private static string? Prefixed(string volume, string? problem) => string.IsNullOrEmpty(problem) ? problem : $"MountVolume.SetUp failed for volume \"{volume}\" : {problem}";
}
