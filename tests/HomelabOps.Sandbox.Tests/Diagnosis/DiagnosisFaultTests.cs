using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>Every fault of the embedded homelab by itself: its root is found, and nothing else, also while time goes on.</summary>
public sealed class DiagnosisFaultTests(DiagnosedHomelab homelab, DiagnosisScore score) : IClassFixture<DiagnosedHomelab>, IClassFixture<DiagnosisScore>
{
    // When the clock jumps, not all that waits for a time has noticed at the first look, and some of it takes requests.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    // Ten minutes after it was found.
    private static readonly TimeSpan[] Later = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(9)];

    // What comes with time though it is no consequence, with the reason.
    private static readonly Dictionary<string, string[]> Added = new(StringComparer.Ordinal)
    {
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. ExpectedFinding.All.Select(expected => expected.Fault)];

    [Fact]
    public async Task A_healthy_one_has_no_finding()
    {
        await homelab.UntilWellAsync();
        for (var times = 0; times < 5; times++)
        {
            // When the clock jumps the nodes do not write their leases in the same moment.
            Assert.Equal("", DiagnosedHomelab.Text(await homelab.FindUntilAsync(found => found.Count == 0, TimeSpan.Zero, TimeSpan.FromSeconds(10))));
            homelab.Homelab.Clock.Advance(TimeSpan.FromMinutes(3));
            await homelab.UntilWellAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_fault_is_found_and_nothing_else(string name)
    {
        var expected = ExpectedFinding.All.Single(each => each.Fault == name);
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync(name, null, Stop);
        IReadOnlyList<HomelabFinding> found = [];
        try
        {
            await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [var only] && expected.Is(only, fault.Target), name, expected.Step);
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{expected} for '{fault.Target}', found:\n{DiagnosedHomelab.Text(found)}");
            throw;
        }

        Assert.NotEmpty(found[0].Message);
        Assert.NotEmpty(found[0].Remedy);
        Assert.Null(found[0].RootCause);
        await WhileTimeGoesOnAsync(finding => expected.Is(finding, fault.Target), Added.GetValueOrDefault(name) ?? []);
    }

    // All that is known before is that nobody gets through to it.
    [Theory]
    [InlineData("NodeDown")]
    [InlineData("NodeUnreachable")]
    public async Task A_node_that_is_gone_has_one_root_before_Kubernetes_says_so(string name)
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync(name, null, Stop);
        var (strange, early) = (new List<string>(), 0);
        await homelab.UntilAsync(
            async () =>
            {
                var found = await homelab.FindAsync();
                early += found.Count(finding => finding.Reason == "NodeCutOff");
                strange.AddRange(found.Where(finding => finding.Reason is not ("NodeCutOff" or "NodeNotReady") || finding.Name != fault.Target).Select(finding => DiagnosedHomelab.Text([finding])));
                return found.Any(finding => finding.Reason == "NodeNotReady");
            },
            "it is not ready",
            TimeSpan.Zero);
        Assert.Equal("", string.Join('\n', strange));

        // Where nobody has looked in between, nothing is proven.
        Assert.True(early > 0, "The node was never seen before Kubernetes said that it is not ready.");
    }

    // The first look after each jump counts for the figures as it is; in the end only the root may be left.
    private async Task WhileTimeGoesOnAsync(Func<HomelabFinding, bool> isRoot, string[] added)
    {
        score.Faults++;
        var strange = new List<string>();
        foreach (var step in Later)
        {
            await homelab.PassAsync(step);
            var first = await homelab.FindAsync();
            score.Add(first.Any(isRoot), first.Count, first.Count(finding => isRoot(finding) || added.Contains(finding.Reason)));
            if (!IsRight(first))
            {
                Write($"{step} later, at the first look:\n{DiagnosedHomelab.Text(first)}");

                // A pod that its probe kills is well in between, until it was killed often enough to say so.
                var settled = await homelab.FindUntilAsync(IsRight, TimeSpan.FromSeconds(2), Settling);
                if (!IsRight(settled))
                {
                    strange.Add($"{step} later:\n{DiagnosedHomelab.Text(settled)}");
                }
            }
        }

        Write($"{score}");
        Assert.True(strange.Count == 0, string.Join('\n', strange));

        bool IsRight(IReadOnlyList<HomelabFinding> found) => found.Count > 0 && isRoot(found[0]) && found.All(finding => isRoot(finding) || added.Contains(finding.Reason));
    }

    private static void Write(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    [Fact]
    public void Every_fault_has_its_finding() =>
        Assert.Equal(HomelabFaults.Known.Where(fault => fault.TargetKind != FaultTargetKind.Resource).Select(fault => fault.Name), ExpectedFinding.All.Select(each => each.Fault), StringComparer.Ordinal);
}
