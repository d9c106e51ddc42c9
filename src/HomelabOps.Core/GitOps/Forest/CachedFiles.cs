using System.Collections.Concurrent;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Reads each file once, however many builds it takes part in. Messages name paths of the repository.</summary>
/// <param name="inner">Where the files are.</param>
internal sealed class CachedFiles(IBuildFiles inner) : IBuildFiles
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<YamlDocument>> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _stamps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _names = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? Resolve(string path) => inner.Resolve(path);

    /// <inheritdoc/>
    public bool IsFolder(string path) => _folders.GetOrAdd(path, inner.IsFolder);

    /// <inheritdoc/>
    public byte[] Read(string path) => _contents.GetOrAdd(path, inner.Read);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => _names.GetOrAdd(folder, inner.List);

    /// <inheritdoc/>
    public string? Stamp(string path) => _stamps.GetOrAdd(path, inner.Stamp);

    /// <inheritdoc/>
    // The index has read them as well. What it could not read is read again for an error with the name that messages have.
    public IReadOnlyList<YamlDocument> Documents(string path) => _documents.GetOrAdd(path, _ => IndexedFile.Read(this, path) is { Problem: null } known ? known.Documents : YamlReader.ReadAll(Display(path), Read(path)));

    /// <inheritdoc/>
    public string Display(string path) => path.Length > 1 ? path[1..] : ".";
}
