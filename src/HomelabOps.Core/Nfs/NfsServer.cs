using System.Net;
using System.Net.Sockets;
using HomelabOps.Core.Nfs.Rpc;

namespace HomelabOps.Core.Nfs;

/// <summary>What one server says of itself: portmapper, mount daemon and NFS.</summary>
/// <param name="query">Ports and limits.</param>
internal sealed class NfsServer(NfsExportQuery query)
{
    /// <summary>The versions of NFS that it speaks.</summary>
    public IReadOnlyList<string> Versions { get; private set; } = [];

    /// <summary>Time of the first answer of NFS.</summary>
    public TimeSpan? Latency { get; private set; }

    /// <summary>What it exports; null where no mount daemon tells.</summary>
    public IReadOnlyList<NfsExport>? Exports { get; private set; }

    /// <summary>Why NFS is not to be had; null when it is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Why nobody tells what is exported; null when somebody does.</summary>
    public string? ExportTrouble { get; private set; }

    private IPAddress Address { get; set; } = IPAddress.None;

    private int Port { get; set; } = query.NfsPort;

    /// <summary>Asks a server all of it. What goes wrong is a part of the answer.</summary>
    public static async Task<NfsServer> AskAsync(string name, NfsExportQuery query, CancellationToken cancellationToken)
    {
        var server = new NfsServer(query);
        try
        {
            var services = await server.FindAsync(await ResolveAsync(name, cancellationToken), cancellationToken);
            server.Port = services.FirstOrDefault(service => service.Program == NfsProgram.Program && service.Version >= 3)?.Port ?? query.NfsPort;

            // Beside each other: a mount daemon that hangs must not hide that NFS answers.
            await Task.WhenAll(server.AskVersionsAsync(cancellationToken), server.AskExportsAsync(services, cancellationToken));
        }
        catch (RpcException error)
        {
            server.Trouble = error.Message;
        }

        return server;
    }

    /// <summary>Whether a path is there for version 4, which knows no list of exports; null where the server does not tell.</summary>
    public async Task<bool?> HasPathAsync(string path, CancellationToken cancellationToken)
    {
        if (!Versions.Any(version => version is "4" or "4.0"))
        {
            return null;
        }

        try
        {
            using var connection = await RpcConnection.OpenAsync(Address, Port, query.Timeout, cancellationToken);
            return await NfsProgram.HasPathAsync(connection, path, cancellationToken);
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(name, out var address) ? [address] : await Dns.GetHostAddressesAsync(name, cancellationToken);
        }
        catch (SocketException error)
        {
            throw new RpcException(Errors.Text("Detail_RpcUnknownHost", name), RpcFailure.UnknownHost, error);
        }
    }

    // By the first address that answers at all. A server of version 4 alone needs no portmapper.
    private async Task<IReadOnlyList<RpcService>> FindAsync(IPAddress[] addresses, CancellationToken cancellationToken)
    {
        RpcException? last = null;
        foreach (var address in addresses)
        {
            Address = address;
            try
            {
                using var connection = await RpcConnection.OpenAsync(address, query.PortmapperPort, query.Timeout, cancellationToken);
                return await Portmapper.DumpAsync(connection, address.AddressFamily, cancellationToken);
            }
            catch (RpcException error)
            {
                last = error;
                ExportTrouble = Errors.Text("Detail_PortmapperFailed", error.Message);
                try
                {
                    (await RpcConnection.OpenAsync(address, query.NfsPort, query.Timeout, cancellationToken)).Dispose();
                    return [];
                }
                catch (RpcException nfs)
                {
                    last = nfs;
                }
            }
        }

        throw last!;
    }

    private async Task AskVersionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await RpcConnection.OpenAsync(Address, Port, query.Timeout, cancellationToken);
            (Versions, Latency) = await NfsProgram.VersionsAsync(connection, cancellationToken);
        }
        catch (RpcException error)
        {
            Trouble = error.Message;
        }
    }

    private async Task AskExportsAsync(IReadOnlyList<RpcService> services, CancellationToken cancellationToken)
    {
        if (services.Where(service => service.Program == Mountd.Program).MaxBy(service => service.Version) is not { } daemon)
        {
            ExportTrouble ??= Errors.Text("Detail_MountdMissing");
            return;
        }

        try
        {
            using var connection = await RpcConnection.OpenAsync(Address, daemon.Port, query.Timeout, cancellationToken);
            Exports = await Mountd.ExportsAsync(connection, daemon.Version, cancellationToken);
        }
        catch (RpcException error)
        {
            ExportTrouble = Errors.Text("Detail_MountdFailed", error.Message);
        }
    }
}
