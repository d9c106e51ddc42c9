using HomelabOps.Core.GitOps.Git;
using LibGit2Sharp;

namespace HomelabOps.Core.Delivery;

/// <summary>Tells whether a revision of Flux has a commit: it is it, or a clone knows that it comes after it.</summary>
/// <param name="commit">Hash of the commit, perhaps in short.</param>
/// <param name="folder">The clone; null when none is known.</param>
internal sealed class DeliveryRevision(string commit, string? folder) : IDisposable
{
    // Shorter hashes could be a part of others by chance.
    private const int ShortestHash = 7;

    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private GitClone? _clone;

    /// <summary>The commit as it was given.</summary>
    public string Commit => commit;

    /// <summary>Whether a text is the hash of a commit, perhaps in short.</summary>
    public static bool IsHash(string text) => text.Length is >= ShortestHash and <= 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>The hash in a revision, such as <c>main@sha1:3f2a…</c>.</summary>
    public static string HashOf(string revision) => revision[(revision.LastIndexOf(':') + 1)..];

    /// <summary>Whether the revision, such as <c>main@sha1:3f2a…</c>, has the commit.</summary>
    public bool IsIn(string? revision)
    {
        if (revision is null)
        {
            return false;
        }

        var hash = HashOf(revision);
        if (hash.StartsWith(commit, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!_known.TryGetValue(revision, out var isAfter))
        {
            _known[revision] = isAfter = IsAfter(hash);
        }

        return isAfter;
    }

    /// <inheritdoc/>
    public void Dispose() => _clone?.Dispose();

    // A clone that lacks the newer commit, or is none, proves nothing.
    private bool IsAfter(string hash)
    {
        try
        {
            return folder is not null && (_clone ??= GitClone.Open(folder))?.Contains(hash, commit) == true;
        }
        catch (LibGit2SharpException)
        {
            return false;
        }
    }
}
