using System.Text;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Index;

/// <summary>What the index keeps of one file.</summary>
internal sealed record IndexedFile(string Path, bool IsKustomization, IReadOnlyList<YamlDocument> Documents, IReadOnlyList<(IndexedObject Object, YamlNode Node)> Objects, IndexProblem? Problem)
{
    /// <summary>The content of a kustomization file; null for every other file.</summary>
    public YamlNode? Root => IsKustomization && Documents.Count > 0 ? Documents[0].Root : null;

    public static bool IsYaml(string path) =>
        path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal) || BuildPath.Name(path) == "Kustomization";

    /// <summary>YAML that is JSON as well.</summary>
    public static bool IsJson(string path) => path.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>Reads a file, or takes what was read of the same content before. What is broken in it is a problem and no error: the rest of the repository is still of use.</summary>
    public static IndexedFile Read(IBuildFiles files, string path) => IndexMemory.Get(path, files.Stamp(path), () => ReadAnew(files, path));

    private static IndexedFile ReadAnew(IBuildFiles files, string path)
    {
        var isKustomization = Array.IndexOf(KustomizationFile.FileNames, BuildPath.Name(path)) >= 0;
        try
        {
            var documents = YamlReader.ReadAll(path, Encoding.UTF8.GetString(files.Read(path)));
            return new(path, isKustomization, documents, isKustomization ? [] : [.. documents.SelectMany(document => ObjectsOf(path, document.Index, document.Root))], null);
        }
        catch (HomelabException exception)
        {
            var place = exception.Place;
            return new(path, isKustomization, [], [], new(path, place?.Line ?? 0, place?.Column ?? 0, place?.Detail ?? exception.Message));
        }
    }

    private static IEnumerable<(IndexedObject Object, YamlNode Node)> ObjectsOf(string path, int document, YamlNode root)
    {
        var kind = root.Find("kind")?.Text ?? "";
        if (kind.EndsWith("List", StringComparison.Ordinal) && root.Find("items")?.Items is { } items)
        {
            return items.SelectMany(item => ObjectsOf(path, document, item));
        }

        var metadata = root.Find("metadata");
        return kind.Length > 0 && root.Find("apiVersion")?.Text is { } apiVersion && metadata?.Find("name")?.Text is { } name
            ? [(new IndexedObject(apiVersion, kind, metadata.Find("namespace")?.Text ?? "", name, path, root.Line, document), root)]
            : [];
    }
}
