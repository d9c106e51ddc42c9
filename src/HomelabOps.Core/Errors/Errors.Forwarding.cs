namespace HomelabOps.Core;

/// <summary>Errors of port-forwards.</summary>
internal static partial class Errors
{
    /// <summary>No pod is ready to be forwarded to.</summary>
    public static HomelabException PortForwardNoPod(ResourceReference target) => new(
        nameof(PortForwardNoPod), ErrorKind.ResourceUnavailable, Text(nameof(PortForwardNoPod), target), target);

    /// <summary>No port-forward of this local port.</summary>
    public static HomelabException PortForwardNotFound(int port) => new(
        nameof(PortForwardNotFound), ErrorKind.ObjectNotFound, Text(nameof(PortForwardNotFound), port), port);

    /// <summary>The local port is in use, or may not be used.</summary>
    public static HomelabException PortUnavailable(int port, Exception cause) => new(
        nameof(PortUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(PortUnavailable), port, cause.Message), port, terminates: false, cause);

    /// <summary>Nothing says which port of the pods is meant.</summary>
    public static HomelabException PortUnknown(ResourceReference target, string parameter) => new(
        nameof(PortUnknown), ErrorKind.InvalidArgument, Text(nameof(PortUnknown), target, parameter), target);
}
