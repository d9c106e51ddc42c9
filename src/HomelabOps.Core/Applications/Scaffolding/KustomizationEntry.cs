using HomelabOps.Core.GitOps.Editing;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>Entries of kustomization files, written as their neighbours are.</summary>
internal static class KustomizationEntry
{
    /// <summary>Adds a file or folder to the resources of a kustomization file; null when it is listed already.</summary>
    /// <param name="files">The repository.</param>
    /// <param name="kustomization">The kustomization file.</param>
    /// <param name="target">What is listed, as a path of the repository that begins with /.</param>
    /// <exception cref="HomelabException">ManifestInvalid, ManifestEditRefused.</exception>
    public static byte[]? Add(IBuildFiles files, string kustomization, string target)
    {
        var file = YamlFile.Read(files.Display(kustomization), files.Read(kustomization));
        var entries = Entries(file);
        if (entries.Any(entry => Leads(kustomization, entry, target)))
        {
            return null;
        }

        var relative = Relative(BuildPath.Folder(kustomization), target);
        var isDotted = entries.Count(entry => entry.StartsWith("./", StringComparison.Ordinal)) is var dotted && entries.Where(entry => Looks(entry) == Looks(relative)).ToList() is { Count: > 0 } alike
            ? alike[^1].StartsWith("./", StringComparison.Ordinal)
            : dotted > 0;
        return file.Add(0, YamlPath.Of("resources", -1), YamlValue.Text(isDotted && !relative.StartsWith("..", StringComparison.Ordinal) ? "./" + relative : relative)).ToBytes();
    }

    /// <summary>Takes the entry of a file or folder away; null when there is none.</summary>
    /// <param name="files">The repository.</param>
    /// <param name="kustomization">The kustomization file.</param>
    /// <param name="target">What is listed, as a path of the repository that begins with /.</param>
    public static byte[]? Remove(IBuildFiles files, string kustomization, string target)
    {
        var file = YamlFile.Read(files.Display(kustomization), files.Read(kustomization));
        var index = Entries(file).FindIndex(entry => Leads(kustomization, entry, target));
        return index < 0 ? null : file.Remove(0, YamlPath.Of("resources", index)).ToBytes();
    }

    private static List<string> Entries(YamlFile file) => [.. (file.Documents.Count == 0 ? null : file.Find(0, YamlPath.Of("resources"))?.Items)?.Select(item => item.Text ?? "") ?? []];

    private static bool Leads(string kustomization, string entry, string target) => BuildPath.Combine(BuildPath.Folder(kustomization), entry) == target;

    // Folders are often written another way than files.
    private static bool Looks(string entry) => Path.HasExtension(entry);

    private static string Relative(string folder, string target)
    {
        var (from, to) = (folder.Split('/', StringSplitOptions.RemoveEmptyEntries), target.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        return string.Join('/', Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
    }
}
