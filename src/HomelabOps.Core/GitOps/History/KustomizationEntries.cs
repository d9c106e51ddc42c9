using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.History;

/// <summary>The entries of a kustomization file that name files and folders by themselves.</summary>
internal static class KustomizationEntries
{
    private static readonly string[] Fields = ["resources", "components"];

    /// <summary>Whether a path is that of a kustomization file.</summary>
    public static bool IsFile(string path) => Array.IndexOf(KustomizationFile.FileNames, BuildPath.Name("/" + path)) >= 0;

    /// <summary>The entries; none of a file that cannot be read.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="text">Its text; null where it is not there.</param>
    public static IReadOnlyList<(RestoredEntry Entry, string Target)> Of(string file, string? text)
    {
        try
        {
            return text is null || YamlReader.ReadAll(file, text) is not [var document, ..]
                ? []
                : [.. Fields.SelectMany(field => (document.Root.Find(field)?.Items ?? []).Select(item => item.Text).OfType<string>()
                    .Where(entry => !BuildPath.IsRemote(entry)).Select(entry => (new RestoredEntry(file, field, entry), Resolve(file, entry))))];
        }
        catch (HomelabException)
        {
            // What somebody broke once is of no help now.
            return [];
        }
    }

    /// <summary>The path of the repository that an entry leads to; empty when it leads out of it.</summary>
    public static string Resolve(string file, string entry) => BuildPath.Combine(BuildPath.Folder("/" + file), entry)?.TrimStart('/') ?? "";
}
