using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>Which of the nodes that a pod fits on is the best, by the points and weights of the scheduler's usual profile.</summary>
internal static class NodeScores
{
    private const double Most = 100;
    private const int SpreadWeight = 2;
    private const int AffinityWeight = 2;
    private const int TaintWeight = 3;

    /// <summary>The name of the best; of equals the first by name, where the real scheduler draws lots.</summary>
    /// <param name="fitting">Nodes that fit; at least one.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="request">What it takes.</param>
    /// <param name="placed">What the nodes have already.</param>
    /// <param name="spread">How it is to be spread.</param>
    public static string Best(IReadOnlyList<JsonObject> fitting, JsonObject pod, PodRequest request, PlacedPods placed, TopologySpread spread)
    {
        if (fitting.Count == 1)
        {
            return Name(fitting[0]);
        }

        var spreads = spread.Scores(fitting);
        var wishes = Shares(fitting, node => Cells.Items(pod, "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution")
            .Where(wish => LabelMatch.TermHolds(wish["preference"], node)).Sum(wish => Cells.Number(wish, "weight")));
        var doubts = Shares(fitting, node => Cells.Items(node, "spec.taints")
            .Count(taint => Cells.Text(taint, "effect") == "PreferNoSchedule" && !Cells.Items(pod, "spec.tolerations").Any(toleration => LabelMatch.Tolerates(toleration, taint))));
        var best = (Name: "", Score: double.MinValue);
        for (var index = 0; index < fitting.Count; index++)
        {
            var score = (SpreadWeight * spreads[index]) + (AffinityWeight * wishes[index]) + (TaintWeight * (Most - doubts[index])) + Room(fitting[index], request, placed);
            if (score > best.Score || (score == best.Score && string.CompareOrdinal(Name(fitting[index]), best.Name) < 0))
            {
                best = (Name(fitting[index]), score);
            }
        }

        return best.Name;
    }

    private static string Name(JsonObject node) => Cells.Text(node, "metadata.name");

    // Room that is left, and how evenly processors and memory are used.
    private static double Room(JsonObject node, PodRequest request, PlacedPods placed)
    {
        var (cpu, memory) = (NodeFit.Amount(node, "cpu"), NodeFit.Amount(node, "memory"));
        return placed.Read(Name(node), load =>
        {
            var left = (Most - Used(cpu, load.CountedCpu + request.CountedCpu) + Most - Used(memory, load.CountedMemory + request.CountedMemory)) / 2;

            // Who asks for nothing changes nothing about that, and would always go to the node where it is most even.
            return request.Cpu == 0 && request.Memory == 0 ? left : left + Most - (Math.Abs(Used(cpu, load.Cpu + request.Cpu) - Used(memory, load.Memory + request.Memory)) / 2);
        });
    }

    private static double Used(long all, long used) => all <= 0 || used >= all ? Most : Most * used / all;

    /// <summary>Each number as a share of the largest, from 0 to 100.</summary>
    private static double[] Shares(IReadOnlyList<JsonObject> nodes, Func<JsonObject, long> number)
    {
        var numbers = nodes.Select(number).ToArray();
        var largest = numbers.Max();
        return [.. numbers.Select(one => largest == 0 ? 0 : Most * one / largest)];
    }
}
