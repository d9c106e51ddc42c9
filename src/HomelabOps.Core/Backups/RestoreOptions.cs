using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>How data is put back.</summary>
internal sealed record RestoreOptions
{
    /// <summary>How the application is stopped and started, and the settings.</summary>
    public AppOptions App { get; init; } = new();

    /// <summary>How the node is reached, and how long writing to it may take.</summary>
    public ProbeOptions Probe { get; init; } = new() { Writable = true };

    /// <summary>Of a repository: the newest snapshot that is not younger than this; null for the newest of all.</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>Of a repository: how many snapshots before that one.</summary>
    public int Previous { get; init; }

    /// <summary>Tells the user what comes of it when the command has been stopped, and may say no more itself.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
