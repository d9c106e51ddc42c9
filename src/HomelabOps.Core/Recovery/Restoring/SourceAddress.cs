using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Addresses of repositories, as Flux has them.</summary>
internal static class SourceAddress
{
    /// <summary>It is read over SSH.</summary>
    public static bool IsSsh(string url) => url.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The host of an address of SSH; null where it names none.</summary>
    public static SshTarget? HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Host.Length > 0
        ? new(null, address.Host, address.Port is > 0 and var port ? port : SshTarget.UsualPort)
        : null;

    /// <summary>Whether two addresses mean the same repository, however it is reached.</summary>
    public static bool IsSame(string one, string other) => Bare(one).Equals(Bare(other), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string url)
    {
        var text = Uri.TryCreate(url, UriKind.Absolute, out var address) ? $"{address.Host}{address.AbsolutePath}" : url;
        return text.TrimEnd('/') is var path && path.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
    }
}
