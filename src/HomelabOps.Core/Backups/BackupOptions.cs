using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>Where a backup goes and how it is made.</summary>
internal sealed record BackupOptions
{
    /// <summary>Absolute path of the folder of this machine that gets the archive; made when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>The application runs on meanwhile.</summary>
    public bool Hot { get; init; }

    /// <summary>How the application is stopped and started, and the settings.</summary>
    public AppOptions App { get; init; } = new();

    /// <summary>How the node is reached, and how long reading it may take.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>Tells the user what comes of it when the command has been stopped, and may say no more itself.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
