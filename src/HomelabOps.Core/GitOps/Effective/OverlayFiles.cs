using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Files of which some have another content than they really have.</summary>
/// <param name="inner">The files.</param>
internal sealed class OverlayFiles(IBuildFiles inner) : IBuildFiles
{
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    /// <summary>The files that have another content, as paths that begin with /.</summary>
    public IReadOnlyCollection<string> Changed => _contents.Keys;

    /// <summary>Gives a file that is there another content.</summary>
    public void Set(string path, byte[] content) => _contents[path] = content;

    /// <summary>The same files, one more of them with another content.</summary>
    public OverlayFiles With(string path, byte[] content)
    {
        var result = new OverlayFiles(inner);
        foreach (var (known, bytes) in _contents)
        {
            result._contents[known] = bytes;
        }

        result._contents[path] = content;
        return result;
    }

    /// <inheritdoc/>
    public string? Resolve(string path) => inner.Resolve(path);

    /// <inheritdoc/>
    public bool IsFolder(string path) => inner.IsFolder(path);

    /// <inheritdoc/>
    public byte[] Read(string path) => _contents.TryGetValue(path, out var content) ? content : inner.Read(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    /// <inheritdoc/>
    public string? Stamp(string path) => _contents.ContainsKey(path) ? null : inner.Stamp(path);

    /// <inheritdoc/>
    public IReadOnlyList<YamlDocument> Documents(string path) => _contents.TryGetValue(path, out var content) ? YamlReader.ReadAll(Display(path), content) : inner.Documents(path);

    /// <inheritdoc/>
    public string Display(string path) => inner.Display(path);
}
