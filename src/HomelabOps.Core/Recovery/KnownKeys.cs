namespace HomelabOps.Core.Recovery;

/// <summary>Which keys of SOPS this machine has, by their public halves. The private ones are not kept.</summary>
internal static class KnownKeys
{
    private const string Mark = "# public key:";
    private const int ShortestFingerprint = 8;

    private static string AgeFile => Environment.GetEnvironmentVariable("SOPS_AGE_KEY_FILE") is { Length: > 0 } file
        ? file
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "sops", "age", "keys.txt");

    /// <summary>Those that are here, where sops looks for them: files of age, keys of SSH, and the keyring of gpg.</summary>
    /// <param name="wanted">Those that are asked for. Without one of PGP gpg is left alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlySet<string>> FindAsync(IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var here = OfAge(Lines(AgeFile)).Concat(OfAge((Environment.GetEnvironmentVariable("SOPS_AGE_KEY") ?? "").Split('\n'))).Concat(SshFiles().SelectMany(Lines).Select(SshKey).OfType<string>()).ToHashSet(StringComparer.Ordinal);
        var known = wanted.Where(key => here.Contains(SshKey(key) ?? key)).ToHashSet(StringComparer.Ordinal);
        var fingerprints = wanted.Where(IsFingerprint).ToList();
        if (fingerprints.Count > 0)
        {
            // Long or short, with spaces or without: what people type is the end of it.
            var ring = await GpgKeyring.ReadAsync(cancellationToken);
            known.UnionWith(fingerprints.Where(wish => ring.Any(key => key.EndsWith(Bare(wish), StringComparison.OrdinalIgnoreCase))));
        }

        return known;
    }

    private static IEnumerable<string> OfAge(IEnumerable<string> lines) => lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..].Trim());

    // The public half lies beside the private one; without that it opens nothing.
    private static IEnumerable<string> SshFiles()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
        string[] files = Environment.GetEnvironmentVariable("SOPS_AGE_SSH_PRIVATE_KEY_FILE") is { Length: > 0 } file ? [file] : [Path.Combine(folder, "id_ed25519"), Path.Combine(folder, "id_rsa")];
        return files.Where(File.Exists).Select(key => key + ".pub");
    }

    // A comment behind it is nothing of the key.
    private static string? SshKey(string text) => text.StartsWith("ssh-", StringComparison.Ordinal) && text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var type, var key, ..] ? $"{type} {key}" : null;

    private static bool IsFingerprint(string key) => Bare(key) is { Length: >= ShortestFingerprint } bare && bare.All(char.IsAsciiHexDigit);

    private static string Bare(string fingerprint) => fingerprint.Replace(" ", "", StringComparison.Ordinal) is var text && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
