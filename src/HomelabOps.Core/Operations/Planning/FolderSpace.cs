namespace HomelabOps.Core.Operations.Planning;

/// <summary>A folder of a target, and the room for more.</summary>
/// <param name="Size">Bytes that its files take.</param>
/// <param name="Free">Free bytes of the file system that it is in.</param>
/// <param name="FreeBeside">Free bytes of the file system that the folder above it is in, where copies are kept.</param>
/// <param name="IsOfParent">Both are the same file system.</param>
internal sealed record FolderSpace(long Size, long Free, long FreeBeside, bool IsOfParent);
