using System.Text.RegularExpressions;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>Takes out of a foreign program's output what looks like a secret, before it becomes part of a message.</summary>
internal static partial class SecretFilter
{
    private const string Mask = "***";

    public static string Clean(string text, IEnumerable<string> known)
    {
        // Short values are flags and words; masking them would only make the text unreadable.
        foreach (string value in known.Where(value => value.Length >= 8).OrderByDescending(value => value.Length))
        {
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        }

        text = Pem().Replace(text, Mask);
        text = Jwt().Replace(text, Mask);
        return Assignment().Replace(text, "${name}" + Mask);
    }

    [GeneratedRegex(@"-----BEGIN [^-]*PRIVATE KEY-----.*?(-----END [^-]*-----|\z)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex Pem();

    [GeneratedRegex(@"\beyJ[\w-]{8,}(\.[\w-]+){0,2}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex Jwt();

    [GeneratedRegex(@"(?i)(?<name>\b(?:bearer|basic)\s+|[\w-]*(?:token|password|passwd|secret|apikey|api_key|client-?key-?data)[""']?\s*[=:]\s*[""']?(?:bearer\s+|basic\s+)?)[^\s""',;]{4,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 500)]
    private static partial Regex Assignment();
}
