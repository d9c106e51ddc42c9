using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>The last five different outcomes of a Kustomization, the newest first: when it last worked, and with which commit.</summary>
internal static class KustomizationHistory
{
    private const int Most = 5;

    /// <param name="status">The status.</param>
    /// <param name="digest">Of what was built; null when the attempt did not come so far.</param>
    /// <param name="revision">Revision that was tried.</param>
    /// <param name="reason">Reason of the outcome.</param>
    /// <param name="duration">How long the attempt took.</param>
    public static void Add(FluxStatus status, string? digest, string revision, string reason, TimeSpan duration)
    {
        var entries = Cells.Items(status.Fields, "history").Select(entry => entry.DeepClone().AsObject()).ToList();
        digest ??= entries.Count > 0 && Cells.Text(entries[0], "metadata.revision") == revision ? Cells.Text(entries[0], "digest") : "sha256:" + new string('0', 64);
        var known = entries.FindIndex(entry => Cells.Text(entry, "digest") == digest && Cells.Text(entry, "lastReconciledStatus") == reason);
        var present = known < 0 ? new JsonObject { ["digest"] = digest, ["firstReconciled"] = status.Now } : entries[known];
        if (known >= 0)
        {
            entries.RemoveAt(known);
        }

        present["lastReconciled"] = status.Now;
        present["lastReconciledDuration"] = GoDuration.Text(duration);
        present["lastReconciledStatus"] = reason;
        present["totalReconciliations"] = Cells.Number(present, "totalReconciliations") + 1;
        present["metadata"] = new JsonObject { ["revision"] = revision };
        status.Fields["history"] = new JsonArray([.. entries.Prepend(present).Take(Most)]);
    }
}
