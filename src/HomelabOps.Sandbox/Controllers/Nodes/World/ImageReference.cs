using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>The name of an image, completed as container runtimes do it.</summary>
/// <param name="Host">The registry, such as <c>docker.io</c>.</param>
/// <param name="Path">The path there, such as <c>library/busybox</c>.</param>
/// <param name="Tag">The tag; <c>latest</c> when none is said.</param>
/// <param name="Digest">The digest with its algorithm, when it is pinned.</param>
internal sealed partial record ImageReference(string Host, string Path, string Tag, string? Digest)
{
    public string Repository => $"{Host}/{Path}";

    /// <summary>With host and tag, and with the digest where it is pinned.</summary>
    public string Full => Digest is null ? $"{Repository}:{Tag}" : $"{Repository}@{Digest}";

    /// <summary>The last part of the path, by which an application is known.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>What the content is called: the digest it is pinned to, or one that follows from the name.</summary>
    public string ContentDigest => Digest ?? "sha256:" + Hash(Full);

    /// <summary>Bytes; made up, and always the same for an image.</summary>
    public long Size => 20_000_000 + (long)(uint)BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(Repository)), 0) % 180_000_000;

    /// <summary>Where its manifest is asked for.</summary>
    public string ManifestUrl => $"https://{(Host == "docker.io" ? "registry-1.docker.io" : Host)}/v2/{Path}/manifests/{Digest ?? Tag}";

    /// <summary>Reads a reference; null when it is not well-formed.</summary>
    public static ImageReference? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var parts = match.Groups["name"].Value.Split('/', 2);
        var hasHost = parts.Length == 2 && (parts[0].AsSpan().IndexOfAny('.', ':') >= 0 || parts[0] == "localhost");
        var host = hasHost ? parts[0] : "docker.io";
        var path = hasHost ? parts[1] : match.Groups["name"].Value;
        if (path.Any(char.IsAsciiLetterUpper))
        {
            return null;
        }

        var digest = match.Groups["digest"];
        return new(host, host == "docker.io" && !path.Contains('/', StringComparison.Ordinal) ? "library/" + path : path, match.Groups["tag"] is { Success: true } tag ? tag.Value : "latest", digest.Success ? digest.Value : null);
    }

    public override string ToString() => Full;

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("^(?<name>(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/)?[A-Za-z0-9]+(?:[._/-]+[A-Za-z0-9]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[0-9a-f]{32,}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
