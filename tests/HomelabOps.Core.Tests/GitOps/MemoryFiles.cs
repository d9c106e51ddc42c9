using System.Text;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>Files of a build that a test writes down.</summary>
internal sealed class MemoryFiles : IBuildFiles
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public MemoryFiles(params ReadOnlySpan<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            _files["/" + path] = Encoding.UTF8.GetBytes(text);
        }
    }

    public string? Resolve(string path) => _files.ContainsKey(path) || IsFolder(path) ? path : null;

    public bool IsFolder(string path) => path == "/" || _files.Keys.Any(file => file.StartsWith(path + "/", StringComparison.Ordinal));

    public byte[] Read(string path) => _files[path];

    public IReadOnlyList<string> List(string folder)
    {
        var prefix = folder == "/" ? "/" : folder + "/";
        return [.. _files.Keys.Where(file => file.StartsWith(prefix, StringComparison.Ordinal)).Select(file => file[prefix.Length..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    public string Display(string path) => path;
}
