namespace HomelabOps;

/// <summary>An export of an NFS server, or what is wrong with the server.</summary>
public sealed record NfsExportStatus
{
    /// <summary>Name or address of the server.</summary>
    public string Server { get; init; } = "";

    /// <summary>The folder that is exported; empty where the server does not tell, or has none.</summary>
    public string Export { get; init; } = "";

    /// <summary>NFS answers.</summary>
    public bool Reachable { get; init; }

    /// <summary>The server has this export, or a folder above it; null where nobody tells.</summary>
    public bool? Exported { get; init; }

    /// <summary>NFS answers, and the export is there.</summary>
    public bool Healthy => Reachable && Exported == true;

    /// <summary>Versions of NFS that the server speaks: 3, 4.0, 4.1, 4.2; a bare 4 where it does not say which.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>Who may mount it, in the server's words; empty for everybody, and where the server does not tell.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Time that NFS took for its first answer; null when there was none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What is wrong; empty when nothing is.</summary>
    public string Message { get; init; } = "";

    /// <summary>As mount takes it.</summary>
    public override string ToString() => Export.Length == 0 ? Server : $"{(Server.Contains(':', StringComparison.Ordinal) ? $"[{Server}]" : Server)}:{Export}";
}
