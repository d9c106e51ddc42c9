using System.Text;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>The changes of an edit as they come together. Paths begin with /.</summary>
internal sealed class AppFiles(IBuildFiles files)
{
    private readonly SortedDictionary<string, byte[]?> _contents = new(StringComparer.Ordinal);

    private ChangedFiles Now => new ChangedFiles(files, Result());

    /// <summary>Whether there is a file or folder now.</summary>
    public bool IsThere(string path) => Now.Resolve(path) is not null;

    /// <summary>Adds a file that is not there yet.</summary>
    /// <exception cref="HomelabException">AppExists.</exception>
    public void Add(string path, string text)
    {
        if (IsThere(path))
        {
            throw Errors.AppExists(BuildPath.Name(path), files.Display(path));
        }

        _contents[path] = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Adds the files of a folder, by name.</summary>
    public void AddAll(string folder, IEnumerable<KeyValuePair<string, string>> texts)
    {
        foreach (var (name, text) in texts)
        {
            Add($"{folder}/{name}", text);
        }
    }

    /// <summary>Takes a file away.</summary>
    public void Remove(string path) => _contents[path] = null;

    /// <summary>Lists a file or folder in a kustomization file.</summary>
    public void AddEntry(string kustomization, string target) => Change(kustomization, KustomizationEntry.Add(Now, kustomization, target));

    /// <summary>Takes a file or folder out of a kustomization file.</summary>
    public void RemoveEntry(string kustomization, string target) => Change(kustomization, KustomizationEntry.Remove(Now, kustomization, target));

    /// <summary>What changes, sorted by path.</summary>
    public IReadOnlyList<FileChange> Result() =>
        [.. _contents.Select(entry => new FileChange(entry.Key[1..], files.Resolve(entry.Key) is { } resolved && !files.IsFolder(resolved) ? files.Read(resolved) : null, entry.Value))];

    private void Change(string path, byte[]? content)
    {
        if (content is not null)
        {
            _contents[path] = content;
        }
    }
}
