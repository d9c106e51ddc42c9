namespace HomelabOps.Core;

/// <summary>Errors of looking at nodes and their mounts.</summary>
internal static partial class Errors
{
    /// <summary>Neither the settings nor the command say what should be mounted.</summary>
    public static HomelabException MountRequired(string? config) => Make(nameof(MountRequired), ErrorKind.InvalidArgument, config, config);

    /// <summary>A node that nothing can be run on.</summary>
    public static HomelabException NodeUnreachable(ResourceReference node, string detail) => new(
        nameof(NodeUnreachable), ErrorKind.ResourceUnavailable, Text(nameof(NodeUnreachable), node.Name, detail), node);

    /// <summary>A path of a node that is not absolute, or leads upwards.</summary>
    public static HomelabException NodePathInvalid(string path) => Make(nameof(NodePathInvalid), ErrorKind.InvalidArgument, path, path);

    /// <summary>A side of a comparison that has no folder for the data of applications.</summary>
    public static HomelabException PodStorageUnavailable(ResourceReference node, string folder, string detail) => new(
        nameof(PodStorageUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(PodStorageUnavailable), node.Name, folder, detail), node);

    /// <summary>A literal name of an application that has data on none of the nodes.</summary>
    public static HomelabException PodStorageNotFound(string app, string folder, IEnumerable<string> nodes) => new(
        nameof(PodStorageNotFound), ErrorKind.ObjectNotFound, Text(nameof(PodStorageNotFound), app, folder, string.Join(", ", nodes)), app);
}
