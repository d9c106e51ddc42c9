using System.Text;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.History;

/// <summary>The claims for volumes that come back with manifests: those that are written there, and those that VolSync makes for Syncthing's own files.</summary>
internal static class RestoredClaims
{
    /// <summary>Namespace and name of each; the namespace is empty where the manifest has none.</summary>
    /// <param name="edit">What is restored.</param>
    /// <param name="files">What is there already: an entry alone may bring it back into the cluster.</param>
    /// <param name="scope">What is meant.</param>
    public static IReadOnlyCollection<(string Namespace, string Name)> Of(RestoreEdit edit, IBuildFiles files, ManifestScope scope)
    {
        var back = edit.Files.SelectMany(file => Read(file.Key, file.Value.Bytes));
        return [.. (edit.Entries.Count == 0 ? back : back.Concat(There(files, scope))).Distinct()];
    }

    /// <summary>The claims of what is there.</summary>
    public static IReadOnlyCollection<(string Namespace, string Name)> There(IBuildFiles files, ManifestScope scope) =>
        [.. RepositoryIndex.Read(files).Files.Where(file => scope.Has(file.TrimStart('/'))).SelectMany(file => Read(file, files.Read(file))).Distinct()];

    private static IEnumerable<(string Namespace, string Name)> Read(string path, byte[] bytes)
    {
        if (!IndexedFile.IsYaml(path))
        {
            return [];
        }

        try
        {
            return [.. YamlReader.ReadAll(path, Encoding.UTF8.GetString(bytes)).SelectMany(document => Claims(document.Root))];
        }
        catch (HomelabException)
        {
            // It was broken before it was deleted; Flux will say so.
            return [];
        }
    }

    private static IEnumerable<(string Namespace, string Name)> Claims(YamlNode root)
    {
        var metadata = root.Find("metadata");
        var (space, name) = (metadata?.Find("namespace")?.Text ?? "", metadata?.Find("name")?.Text ?? "");
        return root.Find("kind")?.Text switch
        {
            "PersistentVolumeClaim" => [(space, name)],
            "ReplicationSource" when root.Find("spec")?.Find("syncthing") is not null => [(space, $"volsync-{name}-config")],
            _ => [],
        };
    }
}
