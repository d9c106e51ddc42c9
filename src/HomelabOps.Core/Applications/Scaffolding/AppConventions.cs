namespace HomelabOps.Core.Applications.Scaffolding;

/// <summary>How the homelab names and places things: from homelab.yaml.</summary>
internal sealed record AppConventions
{
    /// <summary>Label of nodes with the values primary and backup.</summary>
    public string NodeLabel { get; init; } = "role";

    /// <summary>Folder of the nodes below which state lies.</summary>
    public string StoragePath { get; init; } = "/data/pods";

    /// <summary>Name of a claim; &lt;app&gt; stands for the application.</summary>
    public string ClaimPattern { get; init; } = "pvc-<app>";

    /// <summary>Name of the claim on the backup node.</summary>
    public string BackupClaimPattern { get; init; } = "pvc-<app>-backup";

    /// <summary>The Flux Kustomization of the volumes.</summary>
    public string StorageKustomization { get; init; } = "infrastructure-storage";

    /// <summary>The folder of applications, as a path of the repository; null to find it.</summary>
    public string? AppsFolder { get; init; }

    /// <summary>What homelab.yaml says.</summary>
    /// <param name="config">homelab.yaml.</param>
    /// <param name="appsFolder">The folder of applications; null to find it.</param>
    public static AppConventions Of(HomelabConfig config, string? appsFolder) => new()
    {
        NodeLabel = config.NodeRoleLabel,
        StoragePath = config.PodStoragePath,
        ClaimPattern = config.ClaimPattern,
        BackupClaimPattern = config.BackupClaimPattern,
        StorageKustomization = config.StorageKustomization,
        AppsFolder = appsFolder,
    };
}
