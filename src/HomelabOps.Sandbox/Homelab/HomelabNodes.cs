using System.Globalization;
using System.Numerics;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The nodes of the homelab: the control plane, the primary and the backup node, and as many more as are wanted.</summary>
internal static class HomelabNodes
{
    public const string ControlPlane = "k3s-cp1";
    public const string Primary = "k3s-w1";
    public const string Backup = "k3s-w2";

    // What a kubelet takes if nobody says otherwise, and the /24 of 10.42.0.0/16 that k3s gives each node.
    private const int UsualPods = 110;
    private const int SmallestNetwork = 256;
    private const int FirstNetwork = 42 << 16;
    private const long Gibi = 1L << 30;

    /// <summary>The nodes, large enough for what the plan puts on them.</summary>
    public static IReadOnlyList<PlannedNode> Of(HomelabPlan plan)
    {
        // Applications and the Syncthings of their side are bound to one node each; a third more is kept free for updates, failovers and Jobs.
        var spare = (plan.Spares.Sum() * 4 / 3 / plan.Option.Nodes) + 24;
        var bound = spare + (plan.Apps.Count * 4 / 3 * 2);

        // All networks are as large as the largest node needs, so that they lie one after the other.
        var network = (int)Math.Max(SmallestNetwork, BitOperations.RoundUpToPowerOf2((uint)bound + 2));
        return [.. Enumerable.Range(0, plan.Option.Nodes).Select(index => Node(plan, index, Math.Max(UsualPods, index is 1 or 2 ? bound : spare), network))];
    }

    private static PlannedNode Node(HomelabPlan plan, int index, int pods, int network)
    {
        var name = index == 0 ? ControlPlane : string.Create(CultureInfo.InvariantCulture, $"k3s-w{index}");
        var isBound = name is Primary or Backup;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["node.kubernetes.io/instance-type"] = "k3s" };
        if (index == 0)
        {
            labels["node-role.kubernetes.io/control-plane"] = "true";
            labels["node-role.kubernetes.io/master"] = "true";
        }

        if (isBound)
        {
            labels[Roles.Label] = name == Primary ? Roles.Primary : Roles.Backup;
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"192.168.{2 + (index / 200)}.{(index % 200) + 11}");
        return new()
        {
            Name = name,
            Labels = labels,
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["k3s.io/hostname"] = name, ["k3s.io/internal-ip"] = address },
            Address = address,
            PodCidr = Network(FirstNetwork + (index * network), network),
            Cpu = (isBound ? 8 + (plan.Apps.Count / 10) : 4) + (pods / 250),
            Memory = ((isBound ? 16 + (plan.Apps.Count / 4) : 8) + (pods / 64)) * Gibi,
            Pods = pods,
            Mounts = isBound ? [(HomelabPlan.MediaPath, $"{HomelabPlan.FileServer}:{HomelabPlan.MediaExport}", "4.2")] : [],
        };
    }

    private static string Network(int start, int size) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{(start >> 16) & 255}.{(start >> 8) & 255}.{start & 255}/{32 - BitOperations.Log2((uint)size)}");
}
