namespace HomelabOps.Core.Remounting;

/// <summary>A folder of the host that a container sees.</summary>
/// <param name="Source">The folder on the host.</param>
/// <param name="Path">Where it is in the container.</param>
/// <param name="Key">The setting that says so, such as <c>mp0</c>.</param>
internal sealed record BindMount(string Source, string Path, string Key)
{
    /// <summary>The mount points of what <c>pct config</c> writes: <c>mp0: /mnt/media,mp=/data/media</c>, and lines for LXC itself.</summary>
    public static IReadOnlyList<BindMount> Parse(string config) => [.. config.Split('\n', StringSplitOptions.TrimEntries).Select(Line).OfType<BindMount>()];

    /// <summary>The one that a path of the container lies on; null for none.</summary>
    public static BindMount? Of(IEnumerable<BindMount> mounts, string path) =>
        mounts.Where(mount => path == mount.Path || path.StartsWith(mount.Path.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(mount => mount.Path.Length);

    /// <summary>The folder of the host that a path of the container is.</summary>
    public string OnHost(string path) => Source + path[Path.Length..];

    private static BindMount? Line(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var (key, value) = colon < 0 ? ("", "") : (line[..colon], line[(colon + 2)..]);
        if (key.StartsWith("mp", StringComparison.Ordinal) && key.Length > 2 && key.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            var parts = value.Split(',');
            return Array.Find(parts, part => part.StartsWith("mp=", StringComparison.Ordinal)) is { } path && parts[0].StartsWith('/') ? new(parts[0], path[3..].TrimEnd('/'), key) : null;
        }

        // source, then the path in the container without its first slash, with spaces as \040.
        return key == "lxc.mount.entry" && value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [['/', ..] and var source, var target, ..]
            ? new(Unescape(source), "/" + Unescape(target).Trim('/'), key)
            : null;
    }

    private static string Unescape(string text) => text.Replace("\\040", " ", StringComparison.Ordinal);
}
