namespace HomelabOps;

/// <summary>The topology of the homelab, from homelab.yaml. What the file leaves out has the runbook's value. Never holds a secret.</summary>
public sealed record HomelabConfig
{
    /// <summary>The file it was read from or written to; null for the runbook's defaults.</summary>
    public string? Path { get; init; }

    /// <summary>Node that applications run on.</summary>
    public string PrimaryNode { get; init; } = "k3s-w1";

    /// <summary>Node that a failover moves them to.</summary>
    public string BackupNode { get; init; } = "k3s-w2";

    /// <summary>Node label whose values are <c>primary</c> and <c>backup</c>.</summary>
    public string NodeRoleLabel { get; init; } = "role";

    /// <summary>How each node's host is reached; empty until written down.</summary>
    public IReadOnlyList<HomelabConfigNode> Nodes { get; init; } = [];

    /// <summary>Folder of the nodes below which application state lies.</summary>
    public string PodStoragePath { get; init; } = "/data/pods";

    /// <summary>Mounts that every node named in them must have.</summary>
    public IReadOnlyList<HomelabConfigMount> Mounts { get; init; } = [new() { Path = "/data/media" }];

    /// <summary>Name of an application's claim; <c>&lt;app&gt;</c> stands for the application.</summary>
    public string ClaimPattern { get; init; } = "pvc-<app>";

    /// <summary>Name of the claim on the backup node; <c>&lt;app&gt;</c> stands for the application.</summary>
    public string BackupClaimPattern { get; init; } = "pvc-<app>-backup";

    /// <summary>Label selector that finds the Syncthing pods where VolSync's own labels do not.</summary>
    public string SyncthingSelector { get; init; } = "syncthing.io/role";

    /// <summary>The Flux Kustomization that owns the storage manifests.</summary>
    public string StorageKustomization { get; init; } = "infrastructure-storage";

    /// <summary>Folder of the Git working copy; null when none is known.</summary>
    public string? Repository { get; init; }

    /// <summary>Namespace of the Flux controllers.</summary>
    public string FluxNamespace { get; init; } = "flux-system";

    /// <summary>Namespace of MetalLB.</summary>
    public string MetalLBNamespace { get; init; } = "metallb-system";

    /// <summary>Where charts have values of applications, besides the places that nearly all of them use.</summary>
    public IReadOnlyList<HomelabConfigValuePath> ValuePaths { get; init; } = [];
}

/// <summary>Where charts have a value of applications.</summary>
public sealed record HomelabConfigValuePath
{
    /// <summary>What the value is.</summary>
    public ManifestField Field { get; init; }

    /// <summary>Its keys with points between them; <c>*</c> is any key, <c>**</c> any number of keys.</summary>
    public string Path { get; init; } = "";

    /// <summary>Field and path.</summary>
    public override string ToString() => $"{Field} {Path}";
}

/// <summary>How the host of one node is reached.</summary>
public sealed record HomelabConfigNode
{
    /// <summary>Name of the Kubernetes node.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the node is: an LXC container or a VM of the host, or the host itself.</summary>
    public HomelabNodeKind Kind { get; init; } = HomelabNodeKind.Lxc;

    /// <summary>Host to reach over SSH (the hypervisor for Lxc and Vm), as <c>[user@]host[:port]</c>.</summary>
    public string? SshHost { get; init; }

    /// <summary>Number of the container or VM on its host; null when it is to be found by name.</summary>
    public int? VmId { get; init; }

    /// <summary>The node's name.</summary>
    public override string ToString() => Name;
}

/// <summary>What a node is made of.</summary>
public enum HomelabNodeKind
{
    /// <summary>A container on a hypervisor.</summary>
    Lxc,

    /// <summary>A virtual machine.</summary>
    Vm,

    /// <summary>A machine of its own.</summary>
    Host,
}

/// <summary>A mount that nodes must have.</summary>
public sealed record HomelabConfigMount
{
    /// <summary>Mount point on the node.</summary>
    public string Path { get; init; } = "";

    /// <summary>What is mounted, as <c>server:/export</c>; null when any source will do.</summary>
    public string? Source { get; init; }

    /// <summary>NFS version, such as <c>3</c> or <c>4.2</c>; null when any will do.</summary>
    public string? Version { get; init; }

    /// <summary>Mount options that must be present.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Nodes that must have the mount; empty means all.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The mount point.</summary>
    public override string ToString() => Path;
}
