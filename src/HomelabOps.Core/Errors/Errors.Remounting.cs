using System.Globalization;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core;

/// <summary>Errors of repairing mounts.</summary>
internal static partial class Errors
{
    /// <summary>A container does not get the folder from its host.</summary>
    public static HomelabException GuestMountMissing(string node, int id, string path) => new(
        nameof(GuestMountMissing), ErrorKind.ObjectNotFound, Text(nameof(GuestMountMissing), node, id, path), node);

    /// <summary>The host has no such container or VM.</summary>
    public static HomelabException GuestNotFound(SshTarget target, HomelabConfigNode node, IReadOnlyList<string> known) => new(
        nameof(GuestNotFound),
        ErrorKind.ObjectNotFound,
        Text(nameof(GuestNotFound), target, node.Kind, node.VmId?.ToString(CultureInfo.InvariantCulture) ?? node.Name, known.Count == 0 ? Text("Detail_NoGuest") : string.Join(", ", known)),
        node.Name);

    /// <summary>Nothing says how the host of a node is reached.</summary>
    public static HomelabException MountHostUnknown(string node) => new(nameof(MountHostUnknown), ErrorKind.ObjectNotFound, Text(nameof(MountHostUnknown), node), node);

    /// <summary>Nothing says what is mounted.</summary>
    public static HomelabException MountSourceUnknown(string path) => new(nameof(MountSourceUnknown), ErrorKind.ObjectNotFound, Text(nameof(MountSourceUnknown), path), path);

    /// <summary>The server does not have what is to be mounted.</summary>
    public static HomelabException NfsExportUnavailable(string source, string detail) => new(
        nameof(NfsExportUnavailable), ErrorKind.ResourceUnavailable, Text(nameof(NfsExportUnavailable), source, detail), source);
}
