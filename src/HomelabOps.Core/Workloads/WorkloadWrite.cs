using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Workloads;

/// <summary>
/// Changes workloads. The field manager is the module's own: what <c>kubectl</c> sets, kustomize-controller takes back, and of
/// others only what its manifest has as well.
/// </summary>
internal static class WorkloadWrite
{
    /// <summary>Merges a patch into a workload, and writes it into the journal before and after.</summary>
    /// <exception cref="HomelabException">RolloutGone, JournalUnwritable, AccessDenied.</exception>
    public static async Task MergeAsync(ClusterClient client, Workload workload, JsonObject patch, ChangeJournal journal, JournalUndo undo, CancellationToken cancellationToken)
    {
        var (kind, space, name) = (workload.Reference.Kind, workload.Reference.Namespace, workload.Reference.Name);
        try
        {
            await journal.RunAsync(
                new JournalEntry { Cluster = client.Name, Kind = kind, Namespace = space, Name = name, Change = patch.ToJsonString(), Undo = undo },
                () => client.PatchAsync(workload.Type, space, name, PatchKind.Merge, patch, cancellationToken));
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
        {
            throw Errors.RolloutGone(workload.Reference);
        }
    }

    /// <summary>The merge patch that takes another back: the former value of each field, or none.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="before">What it is merged into.</param>
    public static JsonObject Reverse(JsonObject patch, JsonObject? before)
    {
        var reverse = new JsonObject();
        foreach (var (key, value) in patch)
        {
            reverse[key] = value is JsonObject below && before?[key] is var former and (null or JsonObject)
                ? Reverse(below, former as JsonObject)
                : before?[key]?.DeepClone();
        }

        return reverse;
    }
}
