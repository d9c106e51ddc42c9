using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>A node of the homelab.</summary>
internal sealed record PlannedNode
{
    public required string Name { get; init; }

    /// <summary>Labels beyond those that a kubelet sets itself.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>InternalIP, in the home network.</summary>
    public required string Address { get; init; }

    /// <summary>Network of its pods in CIDR notation.</summary>
    public required string PodCidr { get; init; }

    /// <summary>Cores.</summary>
    public required int Cpu { get; init; }

    /// <summary>Bytes of memory.</summary>
    public required long Memory { get; init; }

    /// <summary>Pods that it takes at the most.</summary>
    public required int Pods { get; init; }

    public string KubeletVersion { get; init; } = "v1.32.4+k3s1";

    public string OperatingSystemImage { get; init; } = "Debian GNU/Linux 12 (bookworm)";

    /// <summary>That of the hypervisor: the nodes are its containers.</summary>
    public string KernelVersion { get; init; } = "6.8.12-9-pve";

    public string ContainerRuntime { get; init; } = "containerd://2.0.4-k3s2";

    /// <summary>What is mounted from the file server: path, source as <c>server:/export</c>, and version of NFS.</summary>
    public IReadOnlyList<(string Path, string Source, string Version)> Mounts { get; init; } = [];

    /// <summary>The node as the kubelets play it.</summary>
    public SimulatedNode ToSimulated() => new()
    {
        Name = Name,
        Labels = Labels,
        Annotations = Annotations,
        Address = Address,
        PodCidr = PodCidr,
        Cpu = Cpu,
        Memory = Memory,
        Pods = Pods,
        KubeletVersion = KubeletVersion,
        OperatingSystemImage = OperatingSystemImage,
        KernelVersion = KernelVersion,
        ContainerRuntime = ContainerRuntime,
        Mounts = [.. Mounts.Select(mount => new NodeMount(mount.Path, mount.Source, mount.Version))],
    };
}
