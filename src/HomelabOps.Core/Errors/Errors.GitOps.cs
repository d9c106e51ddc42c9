namespace HomelabOps.Core;

/// <summary>Errors of manifests and of building them.</summary>
internal static partial class Errors
{
    /// <summary>A build that failed without one line being to blame.</summary>
    public static HomelabException KustomizeBuildFailed(string folder, string detail) => Make(
        nameof(KustomizeBuildFailed), ErrorKind.InvalidData, folder, folder, detail);

    /// <summary>A field of a kustomization file is wrong, or what it asks for cannot be done.</summary>
    public static HomelabException KustomizationInvalid(string file, long line, long column, string detail) => Make(
        nameof(KustomizationInvalid), ErrorKind.InvalidData, file, file, line, column, detail);

    /// <summary>A field that kustomize knows and this build does not carry out.</summary>
    public static HomelabException KustomizationUnsupported(string file, long line, long column, string field, string detail) => Make(
        nameof(KustomizationUnsupported), ErrorKind.InvalidData, file, file, line, column, field, detail);

    /// <summary>A manifest cannot be understood, with the place.</summary>
    public static HomelabException ManifestInvalid(string file, long line, long column, string detail) => Make(
        nameof(ManifestInvalid), ErrorKind.InvalidData, file, file, line, column, detail);

    /// <summary>Nothing says where the manifests are.</summary>
    public static HomelabException RepositoryRequired() => Make(nameof(RepositoryRequired), ErrorKind.InvalidArgument, null);

    /// <summary>The expressions of postBuild in one object.</summary>
    public static HomelabException SubstitutionFailed(string target, string detail) => Make(
        nameof(SubstitutionFailed), ErrorKind.InvalidData, target, target, detail);
}
