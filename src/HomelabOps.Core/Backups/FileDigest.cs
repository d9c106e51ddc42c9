using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace HomelabOps.Core.Backups;

/// <summary>
/// One checksum of many files, whatever order they come in, so that a million files of a node and of an archive are compared
/// without a list of them in memory. What Syncthing keeps for itself is left out, as it is in listings.
/// </summary>
internal sealed class FileDigest
{
    private static readonly BigInteger Size = BigInteger.One << 256;
    private BigInteger _sum;

    /// <summary>Files that were added.</summary>
    public long Files { get; private set; }

    /// <summary>Adds a file.</summary>
    /// <param name="path">Its path, with slashes.</param>
    /// <param name="hash">SHA-256 of its content.</param>
    public void Add(string path, string hash)
    {
        if (IsOfSyncthing(path))
        {
            return;
        }

        Files++;
        _sum = (_sum + new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes($"{hash} {path}")), isUnsigned: true)) % Size;
    }

    /// <summary>The same files with the same contents.</summary>
    public bool IsSame(FileDigest other) => Files == other.Files && _sum == other._sum;

    /// <summary>A file that Syncthing is about to write.</summary>
    public static bool IsArriving(string path) =>
        path[(path.LastIndexOf('/') + 1)..] is var name && name.StartsWith(".syncthing.", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal);

    private static bool IsOfSyncthing(string path) =>
        path.Contains("/.stversions/", StringComparison.Ordinal) || path.Contains("/.stfolder/", StringComparison.Ordinal) || IsArriving(path);
}
