using System.Text.Json.Nodes;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>The commit that a Kustomization has applied, and of which repository it is.</summary>
/// <param name="Commit">Hash of the commit; null when the revision is of no Git repository.</param>
/// <param name="Addresses">Addresses of the repository, as far as they are known.</param>
internal sealed record GitOrigin(string? Commit, IReadOnlyList<string> Addresses)
{
    /// <summary>From the revision; of an artifact that was pushed, from what its pusher wrote down.</summary>
    /// <param name="kustomization">The Kustomization.</param>
    /// <param name="record">The same as a record.</param>
    /// <param name="source">Its source; null when it could not be read.</param>
    public static GitOrigin Of(JsonObject kustomization, FluxResource record, JsonObject? source)
    {
        if (record.Source?.Kind == "GitRepository")
        {
            return new(CommitOf(record.Revision), Known((string?)(source?["spec"] as JsonObject)?["url"]));
        }

        var artifact = (source?["status"] as JsonObject)?["artifact"] as JsonObject;
        var annotations = artifact?["metadata"] as JsonObject;
        var pushed = (string?)artifact?["revision"] == record.Revision ? (string?)annotations?["org.opencontainers.image.revision"] : null;
        return new(
            CommitOf((string?)(kustomization["status"] as JsonObject)?["lastAppliedOriginRevision"] ?? pushed),
            Known((string?)annotations?["org.opencontainers.image.source"]));
    }

    /// <summary>The hash in <c>main@sha1:…</c>, in <c>main/…</c> as old versions of Flux wrote it, or alone.</summary>
    public static string? CommitOf(string? revision)
    {
        var hash = revision?[(revision.AsSpan().LastIndexOfAny(':', '/') + 1)..] ?? "";
        return hash.Length is 40 or 64 && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
    }

    /// <summary>Whether an address is one of this repository's, whatever way it is reached.</summary>
    public bool IsAt(string address) => Addresses.Any(known => string.Equals(Plain(known), Plain(address), StringComparison.OrdinalIgnoreCase));

    private static string[] Known(string? address) => address is { Length: > 0 } ? [address] : [];

    // ssh://git@host:22/owner/name.git, git@host:owner/name and https://host/owner/name are one.
    private static string Plain(string address)
    {
        var text = address.Replace('\\', '/');
        text = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? text[(scheme + 3)..] : text;
        text = text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var user && text.IndexOf('/', StringComparison.Ordinal) is var first && (first < 0 || user < first) ? text[(user + 1)..] : text;
        if (text.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon)
        {
            var rest = text[(colon + 1)..];
            var port = rest.IndexOf('/', StringComparison.Ordinal);
            text = port > 0 && rest[..port].All(char.IsAsciiDigit) ? text[..colon] + rest[port..] : $"{text[..colon]}/{rest}";
        }

        text = text.TrimEnd('/');
        return text.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? text[..^4] : text;
    }
}
