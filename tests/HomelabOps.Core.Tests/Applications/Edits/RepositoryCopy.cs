using System.Text;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>A real repository, copied into memory, that edits change.</summary>
internal sealed class RepositoryCopy
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>Copies the manifests of a repository; the test is skipped where none is at hand.</summary>
    public RepositoryCopy(string name)
    {
        Assert.SkipWhen(CorpusTests.Folder is null, "There is no folder shared/repos beside this repository with real repositories.");
        var root = Path.Combine(CorpusTests.Folder!, name);
        foreach (var file in Directory.EnumerateFiles(root, "*.y*ml", SearchOption.AllDirectories))
        {
            _files[Path.GetRelativePath(root, file).Replace('\\', '/')] = File.ReadAllText(file);
        }
    }

    public MemoryFiles Files => new([.. _files.Select(file => (file.Key, file.Value))]);

    /// <summary>The texts of all files.</summary>
    public IReadOnlyDictionary<string, string> Texts => new Dictionary<string, string>(_files, StringComparer.Ordinal);

    public string Text(string path) => _files[path];

    /// <summary>Replaces a part of a file's text.</summary>
    public RepositoryCopy Replacing(string path, string old, string text)
    {
        Assert.Contains(old, _files[path], StringComparison.Ordinal);
        _files[path] = _files[path].Replace(old, text, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Makes an edit and gives the lines that it takes away and adds, as a diff without context has them.</summary>
    public string Edited(IRepositoryEdit edit)
    {
        var lines = new List<string>();
        foreach (var change in edit.Apply(Files))
        {
            Assert.Equal(_files[change.Path], Encoding.UTF8.GetString(change.Before!));
            var (before, after) = (_files[change.Path].Split('\n'), Encoding.UTF8.GetString(change.After!).Split('\n'));
            lines.AddRange(Rest(before, after).Select(line => $"{Short(change.Path)} -{line}"));
            lines.AddRange(Rest(after, before).Select(line => $"{Short(change.Path)} +{line}"));
            _files[change.Path] = Encoding.UTF8.GetString(change.After!);
        }

        return string.Join('\n', lines);
    }

    private static string Short(string path) => string.Join('/', path.Split('/').TakeLast(2));

    private static string[] Rest(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var left = others.ToList();
        return [.. lines.Where(line => !left.Remove(line))];
    }
}
