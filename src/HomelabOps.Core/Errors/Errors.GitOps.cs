namespace HomelabOps.Core;

/// <summary>Errors of manifests and of building them.</summary>
internal static partial class Errors
{
    /// <summary>A literal name that no application of a repository has.</summary>
    public static HomelabException AppNotFoundInRepository(string app, string repository, IReadOnlyList<string> near) => new(
        nameof(AppNotFound),
        ErrorKind.ObjectNotFound,
        near.Count == 0 ? Text(nameof(AppNotFound) + "_Repository", app, repository) : Text(nameof(AppNotFound) + "_RepositoryNear", app, repository, string.Join(", ", near)),
        app);

    /// <summary>A build that failed without one line being to blame.</summary>
    public static HomelabException KustomizeBuildFailed(string folder, string detail) => MakePlaced(
        nameof(KustomizeBuildFailed), new(folder, 0, 0, detail), folder, detail);

    /// <summary>A field of a kustomization file is wrong, or what it asks for cannot be done.</summary>
    public static HomelabException KustomizationInvalid(string file, long line, long column, string detail, string key = "") => MakePlaced(
        nameof(KustomizationInvalid), new(file, line, column, detail, key), file, line, column, detail);

    /// <summary>A field that kustomize knows and this build does not carry out.</summary>
    public static HomelabException KustomizationUnsupported(string file, long line, long column, string field, string detail, string key = "") => MakePlaced(
        nameof(KustomizationUnsupported), new(file, line, column, detail, key), file, line, column, field, detail);

    /// <summary>A file cannot be edited as it was asked for, and was left alone.</summary>
    public static HomelabException ManifestEditRefused(string file, long line, long column, string key, string path = "") => MakePlaced(
        nameof(ManifestEditRefused), new(file, line, column, Text(key, path), key), file, line, column, Text(key, path));

    /// <summary>A manifest cannot be understood, with the place.</summary>
    public static HomelabException ManifestInvalid(string file, long line, long column, string detail) => MakePlaced(
        nameof(ManifestInvalid), new(file, line, column, detail), file, line, column, detail);

    /// <summary>A value of an anchor that aliases use elsewhere.</summary>
    public static HomelabException ManifestValueShared(string file, long line, long column, string path, string places) => MakePlaced(
        nameof(ManifestValueShared), new(file, line, column, places), file, line, column, path, places);

    /// <summary>Nothing says where the manifests are.</summary>
    public static HomelabException RepositoryRequired() => Make(nameof(RepositoryRequired), ErrorKind.InvalidArgument, null);

    /// <summary>The expressions of postBuild in one object.</summary>
    public static HomelabException SubstitutionFailed(string target, string detail) => MakePlaced(
        nameof(SubstitutionFailed), new(target, 0, 0, detail), target, detail);

    private static HomelabException MakePlaced(string id, FilePlace place, params ReadOnlySpan<object?> arguments) =>
        new(id, ErrorKind.InvalidData, Text(id, arguments), place.File, terminates: true) { Place = place };
}
