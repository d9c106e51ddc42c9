namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>A call that brought no result. The message says why, in the middle of a sentence.</summary>
internal sealed class RpcException(string message, RpcFailure failure, Exception? inner = null) : Exception(message, inner)
{
    public RpcFailure Failure { get; } = failure;

    /// <summary>Versions that the server has in place of the one that was asked for; null where that was not the trouble.</summary>
    public (uint Low, uint High)? Versions { get; init; }

    public static RpcException Garbage() => new(Errors.Text("Detail_RpcGarbage"), RpcFailure.Garbage);
}
