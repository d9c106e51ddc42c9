using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>An API server that does not answer, or not for all kinds, is slow, or ends watches.</summary>
internal sealed class ApiCheck : IHomelabCheck
{
    /// <summary>The server does not answer, or not for all kinds.</summary>
    public const string NotAnswering = "ApiNotAnswering";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(4);

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var server = snapshot.Reference("Cluster", "", snapshot.Cluster);
        if (snapshot.Failures.Count == 0 && snapshot.Latency > Slow)
        {
            yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "ApiSlow", server, Display.Seconds(snapshot.Latency));
        }

        if (snapshot.Failures.Count == 0 && snapshot.CutsWatches)
        {
            yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Warning, "ApiCutsWatches", server);
        }

        if (snapshot.Failures.Count > 0)
        {
            var (_, worst) = snapshot.Failures.OrderByDescending(failure => failure.Error.Kind == ErrorKind.ConnectionError).First();
            yield return Symptom.Of(HomelabArea.Cluster, FindingSeverity.Error, NotAnswering, server, worst.Message, snapshot.Failures.Count)
                .With(snapshot.Failures.Select(failure => $"{failure.What}: {failure.Error.Message}").Order(StringComparer.Ordinal)) with
            {
                IsOfReading = true,
            };
        }
    }
}
