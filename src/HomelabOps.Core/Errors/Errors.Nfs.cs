namespace HomelabOps.Core;

/// <summary>Errors of NFS servers and mounts.</summary>
internal static partial class Errors
{
    /// <summary>A path that does not begin at the root.</summary>
    public static HomelabException NfsPathNotAbsolute(string path) => Make(nameof(NfsPathNotAbsolute), ErrorKind.InvalidArgument, path, path);

    /// <summary>What cannot be the name or address of a server.</summary>
    public static HomelabException NfsServerInvalid(string text) => Make(nameof(NfsServerInvalid), ErrorKind.InvalidArgument, text, text);

    /// <summary>No server was named, and homelab.yaml names none.</summary>
    public static HomelabException NfsServerUnknown(string? path) => Make(nameof(NfsServerUnknown), ErrorKind.ObjectNotFound, path, path ?? "homelab.yaml");
}
