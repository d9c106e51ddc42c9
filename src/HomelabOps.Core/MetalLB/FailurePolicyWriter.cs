using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.MetalLB;

/// <summary>Tells the API server to go on where MetalLB's webhook does not answer.</summary>
/// <param name="client">The cluster.</param>
/// <param name="journal">Where the changes are written down.</param>
internal sealed class FailurePolicyWriter(ClusterClient client, ChangeJournal journal)
{
    /// <summary>Does it for entries of one ValidatingWebhookConfiguration. What else it says stays.</summary>
    /// <param name="item">The ValidatingWebhookConfiguration.</param>
    /// <param name="entries">Names of the entries.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>What there is to tell where it may not be done: Flux may still do it.</returns>
    public async Task<Notice?> IgnoreAsync(ResourceReference item, IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        var patch = Entries(entries, "Ignore");
        var entry = new JournalEntry
        {
            Cluster = client.Name,
            Kind = item.Kind,
            Name = item.Name,
            Change = patch.ToJsonString(),
            Undo = JournalUndo.StrategicMergePatch(Entries(entries, "Fail").ToJsonString()),
        };
        try
        {
            await journal.RunAsync(entry, () => client.PatchAsync(MetalLBTypes.WebhookConfiguration, null, item.Name, PatchKind.StrategicMerge, patch, cancellationToken));
            return null;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            return new WarningNotice(error.Message);
        }
    }

    // Entries are merged by their names.
    private static JsonObject Entries(IEnumerable<string> names, string policy) =>
        new() { ["webhooks"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = name, ["failurePolicy"] = policy })]) };
}
