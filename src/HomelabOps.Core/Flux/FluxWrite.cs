using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Flux;

/// <summary>Changes objects of Flux.</summary>
internal static class FluxWrite
{
    // Flux takes back what the field manager kubectl owns, and leaves what this one does.
    private static readonly WriteOptions Options = new() { FieldManager = "flux-client-side-apply" };

    /// <summary>Merges a patch into an object, and writes it into the journal before and after.</summary>
    public static async Task<JsonObject> MergeAsync(ClusterClient client, ResourceType type, FluxResource resource, JsonObject patch, ChangeJournal journal, JournalUndo undo, CancellationToken cancellationToken)
    {
        try
        {
            return await journal.RunAsync(
                new JournalEntry { Cluster = client.Name, Kind = resource.Kind, Namespace = resource.Namespace, Name = resource.Name, Change = patch.ToJsonString(), Undo = undo },
                () => client.PatchAsync(type, resource.Namespace, resource.Name, PatchKind.Merge, patch, cancellationToken, Options));
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
        {
            throw Errors.FluxResourceDeleted(resource.Reference);
        }
    }
}
