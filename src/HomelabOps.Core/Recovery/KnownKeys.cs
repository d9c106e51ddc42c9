namespace HomelabOps.Core.Recovery;

/// <summary>The keys of age that this machine has, by their public halves. The private ones are not kept.</summary>
internal static class KnownKeys
{
    private const string Mark = "# public key:";

    /// <summary>Where sops looks for them.</summary>
    public static string UsualFile => Environment.GetEnvironmentVariable("SOPS_AGE_KEY_FILE") is { Length: > 0 } file
        ? file
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "sops", "age", "keys.txt");

    /// <summary>The public keys that age-keygen wrote beside the private ones of a file; empty where it cannot be read.</summary>
    public static IReadOnlySet<string> Read(string file)
    {
        try
        {
            return File.ReadLines(file).Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..].Trim()).ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }
}
