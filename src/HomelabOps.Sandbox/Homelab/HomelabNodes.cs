using System.Globalization;
using System.Numerics;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The nodes of the homelab: the control plane, the primary and the backup node, and as many more as are wanted.</summary>
internal static class HomelabNodes
{
    public const string ControlPlane = "k3s-cp1";
    public const string Primary = "k3s-w1";
    public const string Backup = "k3s-w2";

    // What a kubelet takes if nobody says otherwise, and the /24 that k3s gives each node.
    private const int UsualPods = 110;
    private const int SmallestNetwork = 256;
    private const int FirstNetwork = 10 << 24 | 42 << 16;
    private const long Gibi = 1L << 30;

    /// <summary>The nodes, large enough for what the plan puts on them.</summary>
    public static IReadOnlyList<PlannedNode> Of(HomelabPlan plan)
    {
        // Applications and the Syncthings of their side are bound to one node each; a third is kept free for updates, failovers and Jobs.
        var bound = (plan.Apps.Count * 4 / 3 * 2) + 24;
        var spare = (plan.Spares.Sum() * 4 / 3 / plan.Option.Nodes) + 1;
        return [.. Enumerable.Range(0, plan.Option.Nodes).Select(index => Node(plan, index, Math.Max(UsualPods, index is 1 or 2 ? bound + spare : 24 + spare)))];
    }

    private static PlannedNode Node(HomelabPlan plan, int index, int pods)
    {
        var (isControlPlane, name) = (index == 0, index == 0 ? ControlPlane : string.Create(CultureInfo.InvariantCulture, $"k3s-w{index}"));
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["node.kubernetes.io/instance-type"] = "k3s" };
        if (isControlPlane)
        {
            labels["node-role.kubernetes.io/control-plane"] = "true";
            labels["node-role.kubernetes.io/master"] = "true";
        }

        if (name is Primary or Backup)
        {
            labels[Roles.Label] = name == Primary ? Roles.Primary : Roles.Backup;
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"192.168.{2 + ((index + 10) / 250)}.{((index + 10) % 250) + 1}");
        return new()
        {
            Name = name,
            Labels = labels,
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["k3s.io/hostname"] = name, ["k3s.io/internal-ip"] = address },
            Address = address,
            PodCidr = NetworkOf(plan, index),
            Cpu = name is Primary or Backup ? 8 + (plan.Apps.Count / 10) : 4,
            Memory = (name is Primary or Backup ? 16 + (plan.Apps.Count / 4) : 8 + (pods / 64)) * Gibi,
            Pods = pods,
            Mounts = name is Primary or Backup ? [(HomelabPlan.MediaPath, $"{HomelabPlan.FileServer}:{HomelabPlan.MediaExport}", "4.2")] : [],
        };
    }

    // All networks are as large as the largest node needs, so that they lie one after the other.
    private static string NetworkOf(HomelabPlan plan, int index)
    {
        var spare = plan.Spares.Sum() * 4 / 3 / plan.Option.Nodes;
        var size = (int)Math.Max(SmallestNetwork, BitOperations.RoundUpToPowerOf2((uint)(spare + 32)));
        var start = FirstNetwork + (index * size);
        return string.Create(CultureInfo.InvariantCulture, $"10.{(start >> 16) & 255}.{(start >> 8) & 255}.{start & 255}/{32 - BitOperations.Log2((uint)size)}");
    }
}
