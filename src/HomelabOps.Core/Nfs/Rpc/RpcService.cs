namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>A program that listens.</summary>
/// <param name="Program">Its number.</param>
/// <param name="Version">Its version.</param>
/// <param name="Port">The TCP port.</param>
internal sealed record RpcService(uint Program, uint Version, int Port);
