using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>Every fault of the embedded homelab by itself: its root is found, and nothing else.</summary>
public sealed class DiagnosisFaultTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>
{
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
    }

    [Fact]
    public void Every_fault_has_its_finding() =>
        Assert.Equal(HomelabFaults.Known.Where(fault => fault.TargetKind != FaultTargetKind.Resource).Select(fault => fault.Name), ExpectedFinding.All.Select(each => each.Fault), StringComparer.Ordinal);
}
