using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults.Effects;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Faults of machines and of what they mount.</summary>
internal static class NodeFaults
{
    public static IEnumerable<FaultDefinition> All =>
    [
        Node("NodeDown", "The node has no power. It becomes NotReady after 40 seconds, and its pods are deleted after five minutes, which nobody confirms.", (node, isOn) => node.IsPowered = !isOn),
        Node("NodeUnreachable", "The network does not reach the node. Its pods run on, unseen; otherwise it is as one that is down.", (node, isOn) => node.IsConnected = !isOn),
        Node("KubeletStopped", "The kubelet does not run. Containers go on and nobody looks after them; otherwise the node is as one that is down.", (node, isOn) => node.KubeletRuns = !isOn),
        Node("NodeWalledOff", "A firewall lets nothing through between the node and others, but what its agent keeps open to the API server: it stays ready, and its Syncthings lose their peers.", (node, isOn) => node.IsWalledOff = isOn),
        DiskPressure,
        Node("MemoryPressure", "The memory of the node is nearly used up. It says MemoryPressure, and takes no pods without requests.", (node, isOn) => node.HasMemoryPressure = isOn),
        Mount("NfsMissing", "Nothing is mounted: the empty folder on the node's own disk is seen, and written to.", MountFault.Missing),
        Mount("NfsStale", "The file server has forgotten the handle. Every access ends with ESTALE, and containers over it are not created.", MountFault.Stale),
        Mount("NfsHung", "The file server does not answer. Every access waits, and pods that need it stay in ContainerCreating.", MountFault.Hung),
        Mount("NfsWrongSource", "Another export is mounted in its place.", MountFault.WrongSource),
        Mount("NfsWrongVersion", "It is mounted with another version of NFS.", MountFault.WrongVersion),
        Mount("NfsReadOnly", "It is mounted read-only.", MountFault.ReadOnly),
        Mount("NfsEmpty", "It is mounted, and nothing is in it.", MountFault.Empty),
    ];

    private static FaultDefinition DiskPressure => new(
        new("DiskPressure", FaultTargetKind.Node, "The disk of the node is nearly full. It says DiskPressure, takes no pods, and its kubelet evicts one pod after the other."),
        Targets.Nodes,
        (scene, target, _) =>
        {
            scene.Nodes.Node(target).HasDiskPressure = true;
            return Task.FromResult<IFaultEffect>(new ActionEffect(
                _ => Task.FromResult(scene.Nodes.Node(target).HasDiskPressure),
                async stop =>
                {
                    scene.Nodes.Node(target).HasDiskPressure = false;
                    await RemoveEvictedAsync(scene, target, stop);
                }));
        });

    private static FaultDefinition Node(string name, string description, Action<NodeState, bool> turn) => new(
        new(name, FaultTargetKind.Node, description),
        Targets.Nodes,
        (scene, target, _) =>
        {
            var node = scene.Nodes.Node(target);
            turn(node, true);
            return Task.FromResult<IFaultEffect>(new SwitchEffect(() => IsOn(node, name), () => turn(node, false)));
        });

    private static bool IsOn(NodeState node, string name) => name switch
    {
        "NodeDown" => !node.IsPowered,
        "NodeUnreachable" => !node.IsConnected,
        "KubeletStopped" => !node.KubeletRuns,
        "NodeWalledOff" => node.IsWalledOff,
        _ => node.HasMemoryPressure,
    };

    private static FaultDefinition Mount(string name, string description, MountFault fault) => new(
        new(name, FaultTargetKind.Mount, description),
        Targets.Mounts,
        (scene, target, _) =>
        {
            var colon = target.IndexOf(':', StringComparison.Ordinal);
            var (node, path) = (scene.Nodes.Node(target[..colon]), target[(colon + 1)..]);

            // A server that does not answer is not there either for pods that mount its export themselves.
            string[] places = fault == MountFault.Hung ? [path, node.Node.Mounts.First(mount => mount.Path == path).Source] : [path];
            foreach (var place in places)
            {
                node.SetMount(place, fault);
            }

            return Task.FromResult<IFaultEffect>(new SwitchEffect(() => node.Fault(path) == fault, () =>
            {
                // One mount has one fault; another that came later is not this one's to mend.
                foreach (var place in places.Where(place => node.Fault(place) == fault))
                {
                    node.SetMount(place, MountFault.None);
                }
            }));
        });

    // A kubelet leaves the pods that it evicted for its owner to look at, and to delete.
    private static async Task RemoveEvictedAsync(FaultScene scene, string node, CancellationToken cancellationToken)
    {
        foreach (var pod in scene.Host.Informer(ResourceType.Pod).All.Where(pod => Cells.Text(pod, "spec.nodeName") == node && Cells.Text(pod, "status.reason") == "Evicted"))
        {
            await new ObjectClient(scene.Host, "homelab-owner").DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken);
        }
    }
}
