using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Git;

/// <summary>
/// Git objects that are kept in memory: of what is only tried, or until they are written as one pack, which takes a small part of the
/// time of single files.
/// </summary>
internal sealed class MemoryObjects : OdbBackend
{
    private readonly Dictionary<ObjectId, (ObjectType Type, byte[] Data)> _objects = [];

    /// <summary>What was written.</summary>
    public IReadOnlyCollection<ObjectId> Ids => _objects.Keys;

    protected override OdbBackendOperations SupportedOperations =>
        OdbBackendOperations.Read | OdbBackendOperations.ReadHeader | OdbBackendOperations.Write | OdbBackendOperations.Exists;

    public override int Read(ObjectId id, out UnmanagedMemoryStream data, out ObjectType objectType)
    {
        if (!_objects.TryGetValue(id, out var found))
        {
            data = null!;
            objectType = default;
            return (int)ReturnCode.GIT_ENOTFOUND;
        }

        objectType = found.Type;
        data = Allocate(found.Data.Length);
        data.Write(found.Data);
        return (int)ReturnCode.GIT_OK;
    }

    public override int ReadHeader(ObjectId id, out int length, out ObjectType objectType)
    {
        var isFound = _objects.TryGetValue(id, out var found);
        (length, objectType) = isFound ? (found.Data.Length, found.Type) : default;
        return (int)(isFound ? ReturnCode.GIT_OK : ReturnCode.GIT_ENOTFOUND);
    }

    public override int Write(ObjectId id, Stream dataStream, long length, ObjectType objectType)
    {
        var data = new byte[length];
        dataStream.ReadExactly(data);
        _objects[id] = (objectType, data);
        return (int)ReturnCode.GIT_OK;
    }

    public override bool Exists(ObjectId id) => _objects.ContainsKey(id);

    // Not among the supported operations, so nobody calls them.
    public override int ReadPrefix(string shortSha, out ObjectId oid, out UnmanagedMemoryStream data, out ObjectType objectType) => throw new NotSupportedException();

    public override int ReadStream(ObjectId id, out OdbBackendStream stream) => throw new NotSupportedException();

    public override int WriteStream(long length, ObjectType objectType, out OdbBackendStream stream) => throw new NotSupportedException();

    public override int ExistsPrefix(string shortSha, out ObjectId found) => throw new NotSupportedException();

    public override int ForEach(ForEachCallback callback) => throw new NotSupportedException();
}
