using System.Collections.Concurrent;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Reads each file once, however many builds it takes part in. Messages name paths of the repository.</summary>
/// <param name="inner">Where the files are.</param>
internal sealed class CachedFiles(IBuildFiles inner) : IBuildFiles
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);
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
    public string? Stamp(string path) => inner.Stamp(path);

    /// <inheritdoc/>
    public string Display(string path) => path.Length > 1 ? path[1..] : ".";
}
