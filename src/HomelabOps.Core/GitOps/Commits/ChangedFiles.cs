using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>The files of a repository as they are after a change.</summary>
internal sealed class ChangedFiles : IBuildFiles
{
    private readonly IBuildFiles _inner;
    private readonly Dictionary<string, byte[]?> _contents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    public ChangedFiles(IBuildFiles inner, IEnumerable<FileChange> changes)
    {
        _inner = inner;
        foreach (var change in changes)
        {
            var path = "/" + change.Path;
            _contents[path] = change.After;
            for (var folder = BuildPath.Folder(path); change.After is not null && _folders.Add(folder) && folder != "/"; folder = BuildPath.Folder(folder))
            {
            }
        }
    }

    /// <inheritdoc/>
    public string? Resolve(string path) => _contents.TryGetValue(path, out var content) ? content is null ? null : path
        : _folders.Contains(path) ? path
        : _inner.Resolve(path) is { } resolved && (!_contents.TryGetValue(resolved, out var there) || there is not null) && !IsEmptied(resolved) ? resolved : null;

    /// <inheritdoc/>
    public bool IsFolder(string path) => _folders.Contains(path) || (!_contents.ContainsKey(path) && _inner.IsFolder(path));

    /// <inheritdoc/>
    public byte[] Read(string path) => _contents.TryGetValue(path, out var content) && content is not null ? content : _inner.Read(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (_inner.Resolve(folder) == folder && _inner.IsFolder(folder))
        {
            names.UnionWith(_inner.List(folder));
        }

        var paths = _contents.Keys.Concat(_folders).Where(path => path != "/" && BuildPath.Folder(path) == folder);
        names.UnionWith(paths.Select(BuildPath.Name));
        return [.. names.Where(name => Resolve(folder == "/" ? "/" + name : $"{folder}/{name}") is not null)];
    }

    /// <inheritdoc/>
    public string? Stamp(string path) => _contents.ContainsKey(path) ? null : _inner.Stamp(path);

    /// <inheritdoc/>
    public IReadOnlyList<YamlDocument> Documents(string path) => _contents.ContainsKey(path) ? YamlReader.ReadAll(Display(path), Read(path)) : _inner.Documents(path);

    /// <inheritdoc/>
    public string Display(string path) => _inner.Display(path);

    // Git knows no empty folders.
    private bool IsEmptied(string path) =>
        _contents.Any(entry => entry.Value is null && BuildPath.IsWithin(entry.Key, path)) && _inner.IsFolder(path) && List(path).Count == 0;
}
