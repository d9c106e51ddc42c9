using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The files of a build. Paths begin with / at the root, have / between their parts, and hold no . or ..</summary>
internal interface IBuildFiles
{
    /// <summary>The path with its symbolic links followed, or null when nothing is there or a link leaves the root.</summary>
    string? Resolve(string path);

    /// <summary>Whether a resolved path is a folder.</summary>
    bool IsFolder(string path);

    /// <summary>The content of a resolved file.</summary>
    byte[] Read(string path);

    /// <summary>The names in a resolved folder, sorted by ordinal.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>What a resolved file has as long as its content stays the same, and no other content of the same path ever has; null where that is not known.</summary>
    string? Stamp(string path) => null;

    /// <summary>The YAML documents of a resolved file.</summary>
    /// <exception cref="HomelabException">ManifestInvalid.</exception>
    IReadOnlyList<YamlDocument> Documents(string path) => YamlReader.ReadAll(Display(path), Read(path));

    /// <summary>How the path is called in messages.</summary>
    string Display(string path);
}
