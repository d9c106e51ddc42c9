using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What Flux' controllers write about an attempt when it is over.</summary>
internal static class FluxLines
{
    /// <summary>The lines, in their order.</summary>
    /// <param name="type">Type of the object.</param>
    /// <param name="item">The object as it was before.</param>
    /// <param name="status">Its status afterwards.</param>
    /// <param name="lasted">How long it took.</param>
    /// <param name="again">When it is tried again.</param>
    public static IEnumerable<(string Level, string Message, (string Field, JsonNode Value)[] Further)> Of(ResourceType type, JsonObject item, FluxStatus status, TimeSpan lasted, TimeSpan? again)
    {
        var ready = Cells.Items(status.Fields, "conditions").FirstOrDefault(condition => Cells.Text(condition, "type") == "Ready");
        var (isReady, reason, message) = (Cells.Text(ready, "status") == "True", Cells.Text(ready, "reason"), Cells.Text(ready, "message"));
        if (ready is null || Cells.Text(ready, "status") == "Unknown")
        {
            yield break;
        }

        var next = GoDuration.Text(again ?? TimeSpan.Zero);
        switch (type.Kind)
        {
            case "Kustomization" when isReady:
                yield return ("info", $"Reconciliation finished in {GoDuration.Text(lasted)}, next run in {next}", [("revision", Cells.Text(status.Fields, "lastAppliedRevision"))]);
                break;
            case "Kustomization" when reason == "DependencyNotReady":
                yield return ("info", $"Dependencies do not meet ready condition, retrying in {next}", []);
                break;
            case "Kustomization":
                yield return ("error", $"Reconciliation failed after {GoDuration.Text(lasted)}, next try in {next}", [("revision", Cells.Text(status.Fields, "lastAttemptedRevision")), ("error", message)]);
                break;
            case "HelmRelease" when isReady:
                yield return ("info", Deployed(status.Fields) == Deployed(item["status"]) ? "release in-sync with desired state" : message, []);
                break;
            case "GitRepository" when isReady:
                var revision = Cells.Text(status.Fields, "artifact.revision");
                yield return ("info", revision == Cells.Text(item, "status.artifact.revision") ? $"no changes since last reconcilation: observed revision '{revision}'" : message, []);
                break;
            default:
                yield return isReady ? ("info", message, []) : ("error", "Reconciler error", [("error", message)]);
                break;
        }
    }

    private static string Deployed(JsonNode? status) => Cells.Text(Cells.Items(status, "history").FirstOrDefault(), "version");
}
