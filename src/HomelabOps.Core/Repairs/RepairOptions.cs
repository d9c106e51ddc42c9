using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Nfs;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Repairs;

/// <summary>How findings are mended.</summary>
internal sealed record RepairOptions
{
    /// <summary>The settings of the homelab.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>Folder of the working copy; null for none.</summary>
    public string? Repository { get; init; }

    /// <summary>How to log in at hosts of nodes.</summary>
    public SshLogin Login { get; init; } = new();

    /// <summary>How servers of mounts are asked what they export, before anything is taken away.</summary>
    public NfsExportQuery Exports { get; init; } = new();

    /// <summary>How nodes are looked at afterwards.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>Nothing is waited for: what was changed may still be on its way.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long each repair may take, and then all findings together until they are gone.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
