namespace HomelabOps.Core.Operations.Planning;

/// <summary>Which mounts of their node the pods of an application use.</summary>
internal static class MountNeeds
{
    /// <summary>The paths of the mounts, as homelab.yaml has them.</summary>
    public static IReadOnlyList<string> Of(FailoverCase item, HomelabConfig config)
    {
        var paths = (item.PodSpec.Volumes ?? []).Select(volume => (volume.HostPath?.Path ?? "").TrimEnd('/')).Where(path => path.Length > 0).ToList();
        return [.. config.Mounts.Select(mount => mount.Path.TrimEnd('/')).Where(mount => paths.Exists(path => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal)))];
    }
}
