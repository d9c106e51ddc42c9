using System.Text.Json.Nodes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Backups;

/// <summary>Where the data of an application is: all folders of one node, and nothing that several applications share.</summary>
internal static class BackupPlaces
{
    /// <summary>
    /// Finds the data: the volumes that are folders of a node, and what the pods take from below the folder of all applications without
    /// a volume, but nothing of the mounts. Else it is the folder that is named like the application.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="workload">What makes its pods.</param>
    /// <param name="config">Names the folder of all applications, and the mounts.</param>
    /// <returns>At least one; none is within another.</returns>
    public static IReadOnlyList<BackupPlace> Of(HomelabApp app, Workload workload, HomelabConfig config)
    {
        var root = config.PodStoragePath.TrimEnd('/');
        var mounts = config.Mounts.Select(mount => mount.Path.TrimEnd('/')).ToArray();
        var node = new[] { app.HomeNode, app.Node, config.PrimaryNode }.First(name => name.Length > 0);
        string[] paths =
        [
            .. app.Volumes.Where(volume => volume.Node.Length == 0 || volume.Node == node).Select(volume => Trim(volume.Path)).Where(path => path.StartsWith('/')),
            .. HostPaths(workload.Json).Select(Trim).Where(path => IsWithin(path, root) && path != root),
        ];
        string[] own = [.. paths.Where(path => path.Length > 1 && !Array.Exists(mounts, mount => IsWithin(path, mount) || IsWithin(mount, path)))];
        var outer = own.Where(path => !Array.Exists(own, other => other != path && IsWithin(path, other))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return [.. outer.DefaultIfEmpty($"{root}/{app.Name}").Select(path => new BackupPlace(node, path))];
    }

    /// <summary>A folder is another one, or lies in it.</summary>
    public static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Trim(string path) => path.TrimEnd('/');

    private static IEnumerable<string> HostPaths(JsonObject workload)
    {
        var spec = workload["spec"];
        var template = spec?["jobTemplate"]?["spec"]?["template"] ?? spec?["template"];
        return (template?["spec"]?["volumes"] as JsonArray ?? []).Select(volume => (string?)volume?["hostPath"]?["path"] ?? "");
    }
}
