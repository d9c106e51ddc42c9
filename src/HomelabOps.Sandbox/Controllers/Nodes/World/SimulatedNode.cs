namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>A machine of the homelab as it is when nothing is broken.</summary>
internal sealed record SimulatedNode
{
    public required string Name { get; init; }

    /// <summary>Labels beyond those that a kubelet sets itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<NodeTaint> Taints { get; init; } = [];

    /// <summary>Address in the home network.</summary>
    public required string Address { get; init; }

    /// <summary>Network of its pods in CIDR notation; a /24 holds 254 pods.</summary>
    public required string PodCidr { get; init; }

    /// <summary>Cores.</summary>
    public int Cpu { get; init; } = 4;

    /// <summary>Bytes of memory.</summary>
    public long Memory { get; init; } = 16L << 30;

    /// <summary>Bytes of the disk that holds images, logs and the folders of the pods.</summary>
    public long Disk { get; init; } = 256L << 30;

    /// <summary>Pods that it takes at the most.</summary>
    public int Pods { get; init; } = 110;

    public string OperatingSystemImage { get; init; } = "Debian GNU/Linux 12 (bookworm)";

    public string KernelVersion { get; init; } = "6.8.12-4-pve";

    public string KubeletVersion { get; init; } = "v1.32.4+k3s1";

    public string ContainerRuntime { get; init; } = "containerd://2.0.4-k3s2";

    public string Architecture { get; init; } = "amd64";

    /// <summary>What is mounted beyond the system's own file systems.</summary>
    public IReadOnlyList<NodeMount> Mounts { get; init; } = [];

    /// <summary>Folders that are there from the start, beside those of the system; a path that ends in <c>/</c> or not makes no difference.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];
}

/// <summary>What keeps pods away.</summary>
internal sealed record NodeTaint(string Key, string Effect, string Value = "");

/// <summary>A file system that a node mounts over the network.</summary>
/// <param name="Path">Where, such as <c>/data/media</c>.</param>
/// <param name="Source">From where, such as <c>192.168.1.10:/mnt/user/media</c>.</param>
/// <param name="Version">Version of NFS: <c>3</c>, <c>4.1</c>, <c>4.2</c>.</param>
internal sealed record NodeMount(string Path, string Source, string Version = "4.2");
