using System.Text;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The kustomization of a folder as Flux sees it: the file that is there, or one over all manifests below.</summary>
internal static class FluxFolder
{
    /// <summary>The kustomization of a resolved folder.</summary>
    /// <exception cref="HomelabException">KustomizationInvalid, KustomizationUnsupported, ManifestInvalid.</exception>
    public static KustomizationFile Kustomization(IBuildFiles files, string folder)
    {
        if (FileOf(files, folder) is { } file)
        {
            var read = KustomizationReader.Read(files.Display(file), Encoding.UTF8.GetString(files.Read(files.Resolve(file)!)));

            // Without resources Flux has to fill the file with something, and takes this.
            return read.Resources.Count == 0 ? read with { BuildMetadata = ["originAnnotations"] } : read;
        }

        var generated = files.Display(Join(folder, KustomizationFile.FileNames[0]));
        var node = new YamlNode { Line = 1, Column = 1, Entries = [] };
        return new KustomizationFile
        {
            File = generated,
            FileName = KustomizationFile.FileNames[0],
            Node = node,
            Resources = [.. Scan(files, folder).Select(path => new FileReference(path[(folder.Length == 1 ? 1 : folder.Length + 1)..], generated, node, "resources"))],
        };
    }

    /// <summary>The kustomization file of a folder; null when it has none.</summary>
    public static string? FileOf(IBuildFiles files, string folder) =>
        KustomizationFile.FileNames.Select(name => Join(folder, name)).FirstOrDefault(path => files.Resolve(path) is { } resolved && !files.IsFolder(resolved));

    /// <summary>What a generated kustomization lists: all YAML files, and folders that have a kustomization of their own.</summary>
    public static IEnumerable<string> Scan(IBuildFiles files, string folder)
    {
        var ignore = new SourceIgnore(files);
        return Walk(folder);

        IEnumerable<string> Walk(string parent)
        {
            foreach (var path in files.List(parent).Select(name => Join(parent, name)))
            {
                if (files.Resolve(path) is not { } resolved || ignore.IsIgnored(path, files.IsFolder(resolved)))
                {
                    continue;
                }

                if (!files.IsFolder(resolved))
                {
                    if (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal))
                    {
                        yield return path;
                    }

                    continue;
                }

                // A link to a folder is not followed.
                foreach (var below in FileOf(files, resolved) is not null ? [path] : resolved == path ? Walk(path) : [])
                {
                    yield return below;
                }
            }
        }
    }

    private static string Join(string folder, string name) => folder == "/" ? "/" + name : $"{folder}/{name}";
}
