using System.Globalization;
using System.Net.Sockets;

namespace HomelabOps.Core.Nfs.Rpc;

/// <summary>Asks a host's portmapper (rpcbind) on which ports its programs listen.</summary>
internal static class Portmapper
{
    public const int Port = 111;

    private const uint Program = 100000;
    private const uint Dump = 4;
    private const uint PortmapVersion = 2;
    private const uint RpcbindVersion = 3;
    private const uint Tcp = 6;
    private const int ProgramLimit = 4096;
    private const int TextLimit = 1024;

    /// <summary>What listens on TCP: the newer protocol first, which is the only one for IPv6; an old portmapper has the other.</summary>
    /// <exception cref="RpcException">It gives no list.</exception>
    public static async Task<IReadOnlyList<RpcService>> DumpAsync(RpcConnection connection, AddressFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.CallAsync(Program, RpcbindVersion, Dump, null, cancellationToken);
            var netId = family == AddressFamily.InterNetworkV6 ? "tcp6" : "tcp";
            return [.. answer.List(ProgramLimit, Bound).Where(bound => bound.NetId == netId && bound.Service.Port > 0).Select(bound => bound.Service)];
        }
        catch (RpcException error) when (error.Failure == RpcFailure.Unavailable)
        {
            var answer = await connection.CallAsync(Program, PortmapVersion, Dump, null, cancellationToken);
            return [.. answer.List(ProgramLimit, Mapped).Where(mapped => mapped.Protocol == Tcp).Select(mapped => mapped.Service)];
        }
    }

    private static (RpcService Service, string NetId) Bound(XdrReader reader)
    {
        var (program, version, netId, address) = (reader.UInt32(), reader.UInt32(), reader.Text(TextLimit), reader.Text(TextLimit));
        reader.Text(TextLimit);
        return (new(program, version, PortOf(address)), netId);
    }

    private static (RpcService Service, uint Protocol) Mapped(XdrReader reader)
    {
        var (program, version, protocol, port) = (reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32());
        return (new(program, version, port <= ushort.MaxValue ? (int)port : 0), protocol);
    }

    // An address of this form ends with the two bytes of the port: 192.0.2.1.78.80.
    private static int PortOf(string address) => address.Split('.') is [.., var high, var low]
        && byte.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var upper) && byte.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var lower)
            ? (upper << 8) | lower
            : 0;
}
