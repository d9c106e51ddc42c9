namespace HomelabOps.Core;

/// <summary>Errors of commands in containers and on nodes.</summary>
internal static partial class Errors
{
    /// <summary>The connection ended before the command did.</summary>
    public static HomelabException CommandInterrupted(string @namespace, string pod) => new(
        nameof(CommandInterrupted), ErrorKind.ConnectionError, Text(nameof(CommandInterrupted), $"{@namespace}/{pod}"), pod);

    /// <summary>The container has no such program, or its runtime could not start it.</summary>
    public static HomelabException CommandNotStarted(string @namespace, string pod, string? container, string program, string detail) => new(
        nameof(CommandNotStarted), ErrorKind.InvalidOperation, Text(nameof(CommandNotStarted), $"{@namespace}/{pod}", container, program, detail), pod);

    /// <summary>The command took longer than it may.</summary>
    public static HomelabException CommandTimeout(ResourceReference target, TimeSpan timeout) => new(
        nameof(CommandTimeout), ErrorKind.OperationTimeout, Text(nameof(CommandTimeout), target, timeout.TotalSeconds), target);

    /// <summary>A container that does not run takes no commands.</summary>
    public static HomelabException ContainerNotRunning(ResourceReference pod, string container, string status) => new(
        nameof(ContainerNotRunning), ErrorKind.ResourceUnavailable, Text(nameof(ContainerNotRunning), pod, container, status), pod);

    /// <summary>A shell needs a terminal, and there is none.</summary>
    public static HomelabException NoTerminal() => Make(nameof(NoTerminal), ErrorKind.InvalidOperation, null);
}
