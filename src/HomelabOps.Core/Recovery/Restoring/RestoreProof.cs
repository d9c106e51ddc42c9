using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Looks with the checks of Test-Homelab whether what was brought back works, and gives pods the time to come up.</summary>
internal static class RestoreProof
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Looks until nothing is broken, or for two minutes. What is left is a warning each: Git is not to blame for it.</summary>
    public static async Task<string> RunAsync(RestoreOptions options, Action<Notice> tell, CancellationToken cancellationToken)
    {
        var (began, query) = (TimeProvider.System.GetTimestamp(), new HomelabTestQuery { Areas = [HomelabArea.Flux, HomelabArea.Pod, HomelabArea.Volume, HomelabArea.MetalLB], Config = options.Config });
        while (true)
        {
            var broken = new List<HomelabFinding>();
            await foreach (var item in HomelabTester.TestAsync(options.Client, query, cancellationToken))
            {
                broken.AddRange(item.Value is { Severity: FindingSeverity.Error } finding ? [finding] : []);
            }

            if (broken.Count == 0)
            {
                return Errors.Text("Detail_RestoreWell");
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                broken.ForEach(finding => tell(new WarningNotice(finding.ToString())));
                return Errors.Text("Detail_RestoreUnwell", broken.Count);
            }

            tell(new ProgressNotice("", broken[0].Message, IsDone: false));
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
