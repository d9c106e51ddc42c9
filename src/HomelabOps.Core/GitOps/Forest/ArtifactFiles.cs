using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>The files of an artifact that an ArtifactGenerator puts together of folders of this repository.</summary>
/// <param name="inner">The repository.</param>
/// <param name="copies">Folders or files of the artifact, and what of the repository they are; of several for one path the last that has it.</param>
internal sealed class ArtifactFiles(IBuildFiles inner, IReadOnlyList<(string To, string From)> copies) : IBuildFiles
{
    /// <inheritdoc/>
    public string? Resolve(string path) => Real(path) is not null || IsAbove(path) ? path : null;

    /// <inheritdoc/>
    public bool IsFolder(string path) => Real(path) is { } real ? inner.IsFolder(real) : IsAbove(path);

    /// <inheritdoc/>
    public byte[] Read(string path) => inner.Read(Real(path)!);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var prefix = folder == "/" ? "/" : folder + "/";
        var copied = copies.Where(copy => copy.To.StartsWith(prefix, StringComparison.Ordinal) && copy.To.Length > prefix.Length).Select(copy => copy.To[prefix.Length..].Split('/')[0]);
        return [.. copied.Concat(Real(folder) is { } real ? inner.List(real) : []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<YamlDocument> Documents(string path) => inner.Documents(Real(path)!);

    /// <inheritdoc/>
    public string Display(string path) => inner.Display(Real(path) ?? path);

    /// <summary>The path within the repository; null for what the artifact does not hold.</summary>
    public string? Real(string path) => copies.Reverse()
        .Where(copy => BuildPath.IsWithin(path, copy.To))
        .Select(copy => BuildPath.Combine(copy.From, path[copy.To.Length..]) is { } full ? inner.Resolve(full) : null)
        .FirstOrDefault(real => real is not null);

    private bool IsAbove(string path) => copies.Any(copy => BuildPath.IsWithin(copy.To, path));
}
