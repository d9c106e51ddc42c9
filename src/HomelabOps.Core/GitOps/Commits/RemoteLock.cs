using System.Security.Cryptography;
using System.Text;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>One at a time of all processes of the user works on a remote, so that they lose no races against each other.</summary>
internal static class RemoteLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Waits for its turn.</summary>
    /// <param name="cache">The module's cache folder.</param>
    /// <param name="address">The remote.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HomelabException">RepositoryLocked, RepositoryUnwritable.</exception>
    public static async Task<IDisposable> TakeAsync(string cache, RemoteAddress address, CancellationToken cancellationToken)
    {
        var path = Path.Combine(cache, "repositories", KeyOf(address) + ".lock");
        try
        {
            return await FileLock.TakeAsync(path, Patience, cancellationToken) ?? throw Errors.RepositoryLocked(address.Display, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.RepositoryUnwritable(Path.GetDirectoryName(path)!, error);
        }
    }

    /// <summary>A name for files that belong to a remote: an address may be long, and may carry what is nobody's business.</summary>
    public static string KeyOf(RemoteAddress address)
    {
        var text = address.Plain.TrimEnd('/', '\\');
        text = text.StartsWith("file://", StringComparison.Ordinal) ? text["file://".Length..] : text;
        text = text.EndsWith(".git", StringComparison.Ordinal) ? text[..^4] : text;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
