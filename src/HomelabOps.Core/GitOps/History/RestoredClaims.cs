using System.Text;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.History;

/// <summary>The claims for volumes that come back with manifests.</summary>
internal static class RestoredClaims
{
    private const string Kind = "PersistentVolumeClaim";

    /// <summary>Namespace and name of each; the namespace is empty where the manifest has none.</summary>
    /// <param name="edit">What is restored.</param>
    /// <param name="files">What is there already: an entry alone may bring it back into the cluster.</param>
    /// <param name="scope">What is meant.</param>
    public static IReadOnlyCollection<(string Namespace, string Name)> Of(RestoreEdit edit, IBuildFiles files, ManifestScope scope)
    {
        var there = edit.Entries.Count == 0 ? [] : RepositoryIndex.Read(files).Objects.Where(item => item.Kind == Kind && scope.Has(item.File.TrimStart('/'))).Select(item => (item.Namespace, item.Name));
        return [.. edit.Files.SelectMany(file => Read(file.Key, file.Value)).Concat(there).Distinct()];
    }

    private static IEnumerable<(string Namespace, string Name)> Read(string path, byte[] bytes)
    {
        if (!IndexedFile.IsYaml(path))
        {
            return [];
        }

        try
        {
            return [.. YamlReader.ReadAll(path, Encoding.UTF8.GetString(bytes)).Select(document => document.Root).Where(root => root.Find("kind")?.Text == Kind)
                .Select(root => root.Find("metadata")).Select(metadata => (metadata?.Find("namespace")?.Text ?? "", metadata?.Find("name")?.Text ?? ""))];
        }
        catch (HomelabException)
        {
            // It was broken before it was deleted; Flux will say so.
            return [];
        }
    }
}
