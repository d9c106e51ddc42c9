using HomelabOps.Core.Nfs.Rpc;

namespace HomelabOps.Core.Nfs;

/// <summary>The mount daemon (RFC 1813, appendix I), which knows what a server of NFS 2 and 3 exports.</summary>
internal static class Mountd
{
    public const uint Program = 100005;

    private const uint ExportProcedure = 5;
    private const int PathLimit = 1024;
    private const int NameLimit = 1024;
    private const int ExportLimit = 65536;

    /// <summary>Asks whether it answers, and what it exports.</summary>
    /// <exception cref="RpcException">It does not.</exception>
    public static async Task<IReadOnlyList<NfsExport>> ExportsAsync(RpcConnection connection, uint version, CancellationToken cancellationToken)
    {
        await connection.CallAsync(Program, version, 0, null, cancellationToken);
        var answer = await connection.CallAsync(Program, version, ExportProcedure, null, cancellationToken);
        return answer.List(ExportLimit, reader => new NfsExport(reader.Text(PathLimit), reader.List(ExportLimit, client => client.Text(NameLimit))));
    }
}
