using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Namespaces that are being deleted and do not come to an end.</summary>
internal sealed class NamespaceCheck : IHomelabCheck
{
    // Pods have their time to end, and so have those who tidy up after them.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>What explains that something cannot be made in a namespace, by the words of the API server.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, string message) => Stuck(snapshot)
        .Where(item => message.Contains($"namespace {item.Metadata.Name} because it is being terminated", StringComparison.Ordinal))
        .Select(item => new Cause(snapshot.Reference("Namespace", "", item.Metadata.Name)));

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot) => Stuck(snapshot).Select(item =>
        Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "NamespaceStuckTerminating", snapshot.Reference("Namespace", "", item.Metadata.Name), Display.Duration(snapshot.Now - item.Metadata.DeletionTimestamp!.Value))
            .With((item.Status?.Conditions ?? []).Where(condition => condition.Status == "True").Select(condition => condition.Message ?? "")) with
        {
            Causes = [.. (snapshot.Pods ?? []).Where(pod => pod.Reference.Namespace == item.Metadata.Name && pod.Wire.Metadata.DeletionTimestamp is not null).Select(pod => new Cause(pod.Subject, "PodStuckTerminating"))],
        });

    private static IEnumerable<Wire.NamespaceWire> Stuck(HomelabSnapshot snapshot) => (snapshot.Namespaces ?? []).Where(item => snapshot.Now - item.Metadata.DeletionTimestamp > Window);
}
