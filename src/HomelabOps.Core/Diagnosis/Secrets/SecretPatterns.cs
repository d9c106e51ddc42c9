using System.Text.RegularExpressions;

namespace HomelabOps.Core.Diagnosis.Secrets;

/// <summary>Finds private keys, and tokens of which the issuer has made the form known. What is encrypted has neither form.</summary>
internal static partial class SecretPatterns
{
    private const string Key = "key";

    // Of WireGuard: 32 bytes that only their name tells from others.
    private const string BareKey = "bare";

    // An example consists of few letters, such as ghp_xxxx.
    private const int FewestLetters = 8;
    private const string Example = "EXAMPLE";

    /// <summary>What is in a text, in its order.</summary>
    /// <param name="file">The file that it is from.</param>
    /// <param name="text">The text.</param>
    public static IEnumerable<SecretLeak> Find(string file, string text)
    {
        var (line, counted) = (1, 0);
        foreach (Match match in Form().Matches(text))
        {
            line += text.AsSpan(counted, match.Index - counted).Count('\n');
            counted = match.Index;
            if (match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) is { Name: var form } && (form == Key || !IsExample(match.ValueSpan.TrimEnd('='))))
            {
                yield return form is Key or BareKey ? new(file, line, "PrivateKeyInGit", "") : new(file, line, "TokenInGit", form);
            }
        }
    }

    private static bool IsExample(ReadOnlySpan<char> token) => token.EndsWith(Example, StringComparison.Ordinal) || token[^Math.Min(token.Length, 16)..].ToArray().Distinct().Count() < FewestLetters;

    // A header alone, as in a description, is no key; nor is one that is encrypted by a password, which one of OpenSSH says behind the header. The second is how kubeconfigs and Secrets have it.
    [GeneratedRegex(
        @"(?<key>-----BEGIN (?!ENCRYPTED )(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]){1,64}(?!b3BlbnNzaC1rZXktdjEAAAAA(?!BG5vbmU))[A-Za-z0-9+/]{32}|\bLS0tLS1CRUdJTi(?:BSU0EgUFJJVkFURSBLRVkt|BQUklWQVRFIEtFWS0|BFQyBQUklWQVRFIEtFWS0|BPUEVOU1NIIFBSSVZBVEUgS0VZ)[A-Za-z0-9+/]{32}|\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b)"
        + @"|\b(?<GitHub>gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,255})"
        + @"|\b(?<GitLab>glpat-[A-Za-z0-9_-]{20,64})"
        + @"|\b(?<Slack>xox[abeprs]-[A-Za-z0-9-]{20,255})"
        + @"|(?i:private_?key)[""']?\s{0,8}[=:]\s{0,8}[""']?(?<bare>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])"
        + @"|\b(?<Tailscale>tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,32}(?:-[A-Za-z0-9]{16,64})?)"
        + @"|\b(?<Docker>dckr_pat_[A-Za-z0-9_-]{20,64})"
        + @"|\b(?<Google>AIza[A-Za-z0-9_-]{35})"
        + @"|\b(?<Stripe>[sr]k_live_[A-Za-z0-9]{16,128})"
        + @"|\b(?<SendGrid>SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64})"
        + @"|\b(?<npm>npm_[A-Za-z0-9]{36})\b"
        + @"|\b(?<HuggingFace>hf_[A-Za-z0-9]{30,40})\b"
        + @"|\b(?<DigitalOcean>do[opr]_v1_[a-f0-9]{64})\b"
        + @"|(?<Discord>https://(?:[a-z]{1,10}\.)?discord(?:app)?\.com/api/webhooks/[0-9]{15,22}/[A-Za-z0-9_-]{50,90})"
        + @"|\b(?<AWS>A(?:KIA|SIA)[A-Z0-9]{16})\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Form();
}
