using System.Text.Json.Nodes;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>What can be rehearsed on a copy of a cluster: applications that leave their node for the copy of their data.</summary>
internal static class CopyDrills
{
    /// <summary>The drills that are possible there, of those that were asked for.</summary>
    /// <param name="patterns">Names of drills; empty for all.</param>
    /// <exception cref="HomelabException">DrillUnknown, DrillNotOnCopy.</exception>
    public static IReadOnlyList<DrillScenario> Scenarios(IReadOnlyList<string> patterns)
    {
        var possible = DrillCatalog.Find(patterns.Count == 0 ? ["*"] : patterns).Where(scenario => scenario.MovesApp).ToList();
        return possible.Count > 0 ? possible : throw Errors.DrillNotOnCopy(patterns[0], [.. DrillCatalog.All.Where(scenario => scenario.MovesApp).Select(scenario => scenario.Name)]);
    }

    /// <summary>A drill for each application that is moved.</summary>
    /// <param name="options">The cluster and its settings.</param>
    /// <param name="copy">Its objects.</param>
    /// <param name="scenarios">What is rehearsed.</param>
    /// <param name="names">Which applications; empty for all that have a copy on another node.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">DrillNothingToRehearse.</exception>
    public static async Task<(IReadOnlyList<DrillScenario> Drills, IReadOnlyList<Notice> Notices)> FindAsync(
        FailoverOptions options, ClusterCopy copy, IReadOnlyList<DrillScenario> scenarios, IReadOnlyList<ResourcePattern> names, CancellationToken cancellationToken)
    {
        var off = copy.Of("", "Node").Where(node => !NodeTerms.IsReady(node)).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var found = await AppTargets.FindAsync(options.Client, names.Count == 0 ? [new ResourcePattern("*")] : names, new AppQuery { Config = options.Config }, cancellationToken);
        var reader = new FailoverReader(options);
        var cases = await reader.FindCasesAsync([.. found.Targets.Where(app => app.Volumes.Any(volume => volume.Node.Length > 0))], null, null, cancellationToken);

        // Who names one application wants to hear why it cannot be moved.
        bool IsMeant(FailoverCase item) => names.Any(name => !name.IsWildcard && name.Matches(item.App.Kind, item.App.Namespace, item.App.Name));
        var moved = cases.Where(item => !item.AtTarget && (IsMeant(item) || (item is { Claims.Count: > 0, Unpaired.Count: 0 } && item.Replications.Any(item.IsWriter)))).ToList();
        var drills = moved.Where(item => !off.Contains(item.From)).SelectMany(item => scenarios.Select(scenario => scenario with { App = $"{item.App.Namespace}/{item.App.Name}", Node = item.From })).ToList();
        var waiting = moved.Where(item => off.Contains(item.From)).Select(item => Errors.Text("DrillCopyNodeOff", item.App.Reference, item.From)).ToList();
        return drills.Count > 0 ? (drills, [.. found.Notices, .. reader.Notices, .. waiting.Select(text => new WarningNotice(text))])
            : throw Errors.DrillNothingToRehearse(copy.Cluster, string.Join(", ", names.Select(name => name.Text)), string.Concat(waiting.Select(text => " " + text)));
    }

    private static string NameOf(JsonObject item) => (string?)item["metadata"]?["name"] ?? "";
}
