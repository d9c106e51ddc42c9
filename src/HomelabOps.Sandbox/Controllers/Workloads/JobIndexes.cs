using System.Globalization;
using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The parts of a Job that has each part done by a pod of its own.</summary>
internal static class JobIndexes
{
    private const string Mark = "batch.kubernetes.io/job-completion-index";
    private const string Variable = "JOB_COMPLETION_INDEX";
    private const int MostCompletions = 100_000;

    public static bool Has(JsonObject job) => Text(job, "spec.completionMode") == "Indexed";

    /// <summary>The part that a pod does; null for a pod that says none.</summary>
    public static int? Of(JsonObject pod) => int.TryParse((string?)pod["metadata"]?["annotations"]?[Mark], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>The parts that are done, by what the status says and by the pods.</summary>
    public static SortedSet<int> Done(JsonObject job, IEnumerable<JsonObject> pods)
    {
        var completions = (int)Number(job, "spec.completions");
        return [.. Read(Text(job, "status.completedIndexes")).Concat(pods.Where(pod => Text(pod, "status.phase") == "Succeeded").Select(Of).OfType<int>()).Where(index => index < completions)];
    }

    /// <summary>The first parts that nobody has done or does.</summary>
    public static IEnumerable<int> Open(JsonObject job, IEnumerable<JsonObject> pods, IEnumerable<JsonObject> active, int count)
    {
        var taken = Done(job, pods);
        taken.UnionWith(active.Select(Of).OfType<int>());
        return Enumerable.Range(0, (int)Number(job, "spec.completions")).Where(index => !taken.Contains(index)).Take(count);
    }

    /// <summary>The pods that do what there is no part for, or what another pod does already.</summary>
    public static IEnumerable<JsonObject> Needless(JsonObject job, IEnumerable<JsonObject> active)
    {
        var (completions, seen) = ((int)Number(job, "spec.completions"), new HashSet<int>());
        return active.OrderBy(pod => Text(pod, "metadata.creationTimestamp"), StringComparer.Ordinal).Where(pod => Of(pod) is not { } index || index >= completions || !seen.Add(index));
    }

    /// <summary>As a status tells them: single ones, and ranges of at least two.</summary>
    public static string Write(IEnumerable<int> indexes)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var index in indexes)
        {
            if (ranges.Count > 0 && ranges[^1].Last == index - 1)
            {
                ranges[^1] = (ranges[^1].First, index);
            }
            else
            {
                ranges.Add((index, index));
            }
        }

        return string.Join(',', ranges.Select(range => range.First == range.Last ? Invariant($"{range.First}") : range.Last == range.First + 1 ? Invariant($"{range.First},{range.Last}") : Invariant($"{range.First}-{range.Last}")));
    }

    /// <summary>Makes a pod the one for a part: it, its host and its containers know which it is.</summary>
    public static void Give(JsonObject pod, string job, int index)
    {
        var (number, metadata) = (index.ToString(CultureInfo.InvariantCulture), pod["metadata"]!.AsObject());
        metadata["generateName"] = $"{job}-{number}-";
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (metadata[field] is not JsonObject marks)
            {
                metadata[field] = marks = [];
            }

            marks[Mark] = number;
        }

        pod["spec"]!["hostname"] = $"{job}-{number}";
        foreach (var container in Items(pod, "spec.initContainers").Concat(Items(pod, "spec.containers")).Where(container => !Items(container, "env").Any(variable => Text(variable, "name") == Variable)))
        {
            if (container["env"] is not JsonArray variables)
            {
                container["env"] = variables = [];
            }

            variables.Add(new JsonObject { ["name"] = Variable, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = $"metadata.labels['{Mark}']" } } });
        }
    }

    // A client may have written anything there; what names no index counts for none.
    private static IEnumerable<int> Read(string text)
    {
        foreach (var range in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = range.Split('-');
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                for (var index = first; index <= last && index - first < MostCompletions; index++)
                {
                    yield return index;
                }
            }
        }
    }
}
