namespace HomelabOps.Core.Nfs;

/// <summary>Which servers and exports to test.</summary>
public sealed record NfsExportQuery
{
    /// <summary>Servers as <c>server</c> or <c>server:/export</c>.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>Absolute paths on each server; empty for all that it exports.</summary>
    public IReadOnlyList<string> Exports { get; init; } = [];

    /// <summary>How long a server may take to accept a connection, and for each answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The portmapper's port; other than the usual one in tests.</summary>
    internal int PortmapperPort { get; init; } = Rpc.Portmapper.Port;

    /// <summary>The port of NFS where no portmapper says another.</summary>
    internal int NfsPort { get; init; } = 2049;
}
