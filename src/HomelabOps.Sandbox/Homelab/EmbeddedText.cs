namespace HomelabOps.Sandbox.Homelab;

/// <summary>The texts that the assembly carries for the homelab, by their paths below this folder.</summary>
internal static class EmbeddedText
{
    private const string Prefix = "Homelab/";
    private static readonly Lazy<SortedDictionary<string, string>> All = new(Load);

    /// <summary>The text of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that path.</exception>
    public static string Read(string path) => All.Value[path];

    /// <summary>The files below a folder that ends in /, with paths relative to it, sorted.</summary>
    public static IEnumerable<(string Path, string Text)> Below(string folder) =>
        All.Value.Where(pair => pair.Key.StartsWith(folder, StringComparison.Ordinal)).Select(pair => (pair.Key[folder.Length..], pair.Value));

    private static SortedDictionary<string, string> Load()
    {
        var assembly = typeof(EmbeddedText).Assembly;
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            // A build on Windows writes the folders its own way.
            var path = resource.Replace('\\', '/');
            if (path.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                texts[path[Prefix.Length..]] = reader.ReadToEnd().ReplaceLineEndings("\n");
            }
        }

        return texts;
    }
}
