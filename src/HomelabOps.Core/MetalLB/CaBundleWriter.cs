using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.MetalLB;

/// <summary>Tells the API server which authority to trust when it calls the webhook.</summary>
/// <param name="client">The cluster.</param>
/// <param name="journal">Where the changes are written down.</param>
internal sealed class CaBundleWriter(ClusterClient client, ChangeJournal journal)
{
    /// <summary>Puts an authority into the entries of an object. What else it says stays, and so do entries that came meanwhile.</summary>
    /// <param name="item">A ValidatingWebhookConfiguration, or the definition of a kind.</param>
    /// <param name="callers">Its entries.</param>
    /// <param name="authority">The authority in PEM.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task WriteAsync(ResourceReference item, IReadOnlyList<WebhookCaller> callers, byte[] authority, CancellationToken cancellationToken)
    {
        var bundle = Convert.ToBase64String(authority);
        var isConversion = item.Kind == ResourceType.CustomResourceDefinition.Kind;
        var patch = isConversion ? Conversion(bundle) : Entries(callers.Select(caller => (caller.Entry, (string?)bundle)));
        var undo = isConversion ? Conversion(Former(callers[0])) : Entries(callers.Select(caller => (caller.Entry, Former(caller))));
        return journal.RunAsync(
            new JournalEntry
            {
                Cluster = client.Name,
                Kind = item.Kind,
                Name = item.Name,
                Change = patch.ToJsonString(),
                Undo = isConversion ? JournalUndo.MergePatch(undo.ToJsonString()) : JournalUndo.StrategicMergePatch(undo.ToJsonString()),
            },
            () => client.PatchAsync(MetalLBTypes.OfCaller(item), null, item.Name, isConversion ? PatchKind.Merge : PatchKind.StrategicMerge, patch, cancellationToken));
    }

    /// <summary>Whether Flux puts a bundle there from Git, so that no other would stay.</summary>
    public async Task<bool> IsFromGitAsync(ResourceReference item, CancellationToken cancellationToken)
    {
        var found = await client.FindObjectAsync(MetalLBTypes.OfCaller(item), null, item.Name, cancellationToken);
        return (found?["metadata"]?["managedFields"] as JsonArray ?? []).Any(entry => (string?)entry?["manager"] is "kustomize-controller" or "helm-controller" && entry["fieldsV1"]?.ToJsonString().Contains("\"f:caBundle\"", StringComparison.Ordinal) == true);
    }

    private static string? Former(WebhookCaller caller) => caller.Bundle.Count == 0 ? null
        : Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', caller.Bundle.Select(certificate => certificate.ExportCertificatePem())) + "\n"));

    // Entries are merged by their names.
    private static JsonObject Entries(IEnumerable<(string Name, string? Bundle)> entries) =>
        new() { ["webhooks"] = new JsonArray([.. entries.Select(entry => new JsonObject { ["name"] = entry.Name, ["clientConfig"] = new JsonObject { ["caBundle"] = entry.Bundle } })]) };

    private static JsonObject Conversion(string? bundle) => new()
    {
        ["spec"] = new JsonObject { ["conversion"] = new JsonObject { ["webhook"] = new JsonObject { ["clientConfig"] = new JsonObject { ["caBundle"] = bundle } } } },
    };
}
