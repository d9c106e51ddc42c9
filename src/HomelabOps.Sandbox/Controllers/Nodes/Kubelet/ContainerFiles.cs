using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>The files that a container sees: those of its image, and its volumes over them.</summary>
internal static class ContainerFiles
{
    private const long Overlay = 64L << 30;
    private static readonly NodeMount NoMount = new("", "");

    public static MountTable Build(JsonObject pod, PodRun run, ContainerRun container, ClusterView cluster)
    {
        var (node, held) = (run.Node.Files.Table(), run.Node.Files.Table(container.Mountings));
        var mounts = new List<MountPoint> { new("/", container.Files ??= Image(run), "overlay", "overlay") { IsReadOnly = (bool?)container.Spec["securityContext"]?["readOnlyRootFilesystem"] == true, Device = "0:90", Options = "lowerdir=/l,upperdir=/u,workdir=/w" } };
        foreach (var mount in Cells.Items(container.Spec, "volumeMounts"))
        {
            var volume = Cells.Items(pod, "spec.volumes").FirstOrDefault(volume => Cells.Text(volume, "name") == Cells.Text(mount, "name"));
            if (volume is not null)
            {
                mounts.AddRange(Volume(pod, run, volume, mount, held, cluster));
            }
        }

        var table = new MountTable(mounts);
        var own = table.ToMountInfo;
        table.Kernel["/proc/self/mountinfo"] = own;
        table.Kernel["/proc/1/mountinfo"] = (bool?)pod["spec"]?["hostPID"] == true ? node.Kernel["/proc/1/mountinfo"] : own;
        return table;
    }

    /// <summary>The path on its node that a volume stands for; null when it is none of the node's.</summary>
    public static string? NodePath(JsonObject pod, JsonObject volume, ClusterView cluster)
    {
        if (Cells.Text(volume, "hostPath.path") is { Length: > 0 } path)
        {
            return path;
        }

        var persistent = cluster.VolumeOf(cluster.Claims.Find(Cells.Text(pod, "metadata.namespace"), Cells.Text(volume, "persistentVolumeClaim.claimName")));
        return Cells.Text(persistent, "spec.local.path", Cells.Text(persistent, "spec.hostPath.path")) is { Length: > 0 } local ? local : null;
    }

    private static FileTree Image(PodRun run)
    {
        var tree = new FileTree(Overlay, Overlay / 5);
        foreach (var folder in (ReadOnlySpan<string>)["/bin", "/config", "/dev", "/etc", "/proc/1", "/root", "/tmp", "/usr/bin", "/var/log"])
        {
            tree.Set(folder, FileEntry.Folder);
        }

        tree.Set(TerminationMessage.File, FileEntry.Text(""));
        tree.Set("/etc/hostname", FileEntry.Text(run.Name + "\n"));
        tree.Set("/etc/os-release", FileEntry.Text("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.21.3\n"));
        tree.Set("/etc/resolv.conf", FileEntry.Text($"search {run.Namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver {ClusterDns.Address}\noptions ndots:5\n"));
        return tree;
    }

    private static IEnumerable<MountPoint> Volume(JsonObject pod, PodRun run, JsonObject volume, JsonObject mount, MountTable node, ClusterView cluster)
    {
        var path = MountTable.Normalize(Cells.Text(mount, "mountPath"));
        var part = Cells.Text(mount, "subPath").Trim('/');
        var isReadOnly = (bool?)mount["readOnly"] == true;
        if (NodePath(pod, volume, cluster) is { } place)
        {
            return OfNode(node, MountTable.Normalize(part, place), path, isReadOnly);
        }

        if (volume["nfs"] is { } nfs)
        {
            var source = $"{Cells.Text(nfs, "server")}:{Cells.Text(nfs, "path")}";
            var known = run.Node.Node.Mounts.FirstOrDefault(known => known.Source == source) ?? NoMount;
            var tree = node.Mounts.FirstOrDefault(candidate => candidate.Path == known.Path)?.Tree ?? new FileTree(16L << 40, 9L << 40);
            return [new(path, tree, source, "nfs4") { Root = part.Length == 0 ? "/" : "/" + part, IsReadOnly = isReadOnly || (bool?)nfs["readOnly"] == true, Device = "0:61", Options = $"vers=4.2,hard,proto=tcp,addr={Cells.Text(nfs, "server")}", Fault = run.Node.Fault(source) }];
        }

        var name = Cells.Text(volume, "name");
        var content = Content(pod, volume, cluster);
        var files = content ?? run.Scratch.GetOrAdd(name, _ => new FileTree(Overlay, 0));
        return [new(path, files, content is null ? "/dev/mapper/pve-root" : "tmpfs", content is null ? "ext4" : "tmpfs") { Root = part.Length == 0 ? "/" : "/" + part, IsReadOnly = isReadOnly || content is not null, Device = "0:62" }];
    }

    // As a bind mount with all that is mounted below the place.
    private static IEnumerable<MountPoint> OfNode(MountTable node, string place, string path, bool isReadOnly)
    {
        var mount = node.MountOf(place);
        yield return mount with { Path = path, Root = mount.Within(place), IsReadOnly = isReadOnly || mount.IsReadOnly };
        foreach (var below in node.Mounts.Where(below => below.Path != place && (place == "/" ? below.Path != "/" : below.Path.StartsWith(place + "/", StringComparison.Ordinal))))
        {
            yield return below with { Path = MountTable.Normalize(below.Path[(place == "/" ? 0 : place.Length)..].TrimStart('/'), path), IsReadOnly = isReadOnly || below.IsReadOnly };
        }
    }

    // The files of ConfigMaps and Secrets; null for a volume that is written to.
    private static FileTree? Content(JsonObject pod, JsonObject volume, ClusterView cluster)
    {
        if (volume["configMap"] is null && volume["secret"] is null && volume["projected"] is null && volume["downwardAPI"] is null)
        {
            return null;
        }

        var tree = new FileTree(0, 0);
        foreach (var source in volume["projected"] is { } projected ? Cells.Items(projected, "sources") : [volume])
        {
            var isSecret = source["secret"] is not null;
            var reference = source[isSecret ? "secret" : "configMap"];
            var found = (isSecret ? cluster.Secrets : cluster.ConfigMaps).Find(Cells.Text(pod, "metadata.namespace"), Cells.Text(reference, "name", Cells.Text(reference, "secretName")));
            var items = Cells.Items(reference, "items").Select(item => (Key: Cells.Text(item, "key"), Path: Cells.Text(item, "path"))).ToArray();
            foreach (var (key, path) in items.Length > 0 ? items : [.. (found?["data"] as JsonObject ?? []).Select(entry => (entry.Key, entry.Key))])
            {
                if (found is not null && ContainerEnvironment.Entry(found, key, isSecret) is { } text)
                {
                    tree.Set("/" + path, FileEntry.Text(text));
                }
            }

            foreach (var item in Cells.Items(source["downwardAPI"], "items"))
            {
                tree.Set("/" + Cells.Text(item, "path"), FileEntry.Text(Cells.Text(pod, Cells.Text(item, "fieldRef.fieldPath"))));
            }
        }

        return tree;
    }
}
