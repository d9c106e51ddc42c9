using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Repairs;

/// <summary>Looks whether findings are gone, with the very test that found them.</summary>
/// <param name="client">The cluster.</param>
/// <param name="options">How long, and by which settings.</param>
internal sealed class RepairProof(ClusterClient client, RepairOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Those that are left when the time is over; ends as soon as none is.</summary>
    public async Task<IReadOnlySet<(string Reason, ResourceReference? Target)>> RemainingAsync(IReadOnlyList<HomelabFinding> findings, CancellationToken cancellationToken)
    {
        var query = new HomelabTestQuery { Areas = [.. findings.Select(finding => finding.Area).Distinct()], IncludeConsequence = true, Links = false, Config = options.Config, Probe = options.Probe };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = new HashSet<(string, ResourceReference?)>();
            await foreach (var item in HomelabTester.TestAsync(client, query, cancellationToken))
            {
                if (item.Value is { } found && findings.Any(finding => finding.Reason == found.Reason && finding.Target == found.Target))
                {
                    left.Add((found.Reason, found.Target));
                }
            }

            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(began) >= options.Timeout)
            {
                return left;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
