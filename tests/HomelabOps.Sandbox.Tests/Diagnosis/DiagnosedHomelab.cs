using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Tests.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>A homelab with applications of every kind, and what the diagnosis says of it.</summary>
public sealed class DiagnosedHomelab : FaultyHomelab
{
    /// <summary>Its settings.</summary>
    internal static HomelabConfig Config { get; } = new() { Mounts = [new() { Path = "/data/media", Source = "192.168.1.10:/mnt/user/media", Version = "4.2", Nodes = ["k3s-w1", "k3s-w2"] }] };

    protected override int Apps => 11;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The findings as they are now.</summary>
    public async Task<IReadOnlyList<HomelabFinding>> FindAsync()
    {
        var query = new HomelabTestQuery { Config = Config };
        return [.. HomelabTester.Find(await new SnapshotReader(Homelab.Client, query).ReadAsync(Stop), query)];
    }

    /// <summary>Waits until all is well, and nothing is told. A run that has failed is told until the next one has not.</summary>
    public async Task UntilNothingIsFoundAsync()
    {
        await UntilWellAsync();
        IReadOnlyList<HomelabFinding> found = [];
        try
        {
            await UntilAsync(async () => (found = await FindAsync()).Count == 0, "nothing is found", TimeSpan.FromMinutes(5));
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Text(found));
            throw;
        }
    }

    /// <summary>Lets time pass until the findings are as wanted, or for so long; and for so many looks, since on a slow machine each takes long.</summary>
    internal async Task<IReadOnlyList<HomelabFinding>> FindUntilAsync(Func<IReadOnlyList<HomelabFinding>, bool> wanted, TimeSpan step, TimeSpan patience, int looks = 0)
    {
        var end = DateTime.UtcNow + patience;
        for (var look = 1; ; look++)
        {
            var found = await FindAsync();
            if (wanted(found) || (DateTime.UtcNow > end && look >= looks))
            {
                return found;
            }

            // Not all that waits for a time notices at once that it has come.
            Homelab.Clock.Advance(step);
            await Task.Delay(300, Stop);
        }
    }

    internal static string Text(IEnumerable<HomelabFinding> findings) =>
        string.Join('\n', findings.Select(finding => $"{finding.Severity} {finding.Reason} {finding.Target}: {finding.Message} | {string.Join(" | ", finding.Evidence)}"));
}
