using HomelabOps.Core;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>
/// Random pairs of faults, one after the other in one homelab: how many of their roots are found, and how many findings are roots. Each
/// half has a homelab of its own, so that both can run at the same time.
/// </summary>
/// <param name="homelab">The homelab.</param>
/// <param name="seed">Where chance starts.</param>
public abstract class DiagnosisPairTests(DiagnosedHomelab homelab, int seed)
{
    private const int Pairs = 50;
    private const double Wanted = 0.95;

    // Most show in a second or two; what never does costs this much. Flux takes up a commit again only after its time for the last one is over.
    private const int Looks = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Run by hand: a quarter of an hour in which it wants the machine for itself, as what does not show in time counts as not found.
    [Fact(Explicit = true)]
    public async Task Of_two_faults_both_roots_are_found_and_nothing_else()
    {
        var random = new Random(seed);
        var (impossible, asked, seen, found, right) = (0, 0, 0, 0, 0);
        for (var pairs = 0; pairs < Pairs;)
        {
            var pair = FaultPair.Draw(random, homelab.Faults.TargetsOf);
            await homelab.UntilNothingIsFoundAsync();
            if (await ProduceAsync(pair) is not { } findings)
            {
                impossible++;
                continue;
            }

            var open = pair.Visible.Where(fault => !findings.Any(fault.Is)).ToList();
            var others = findings.Where(finding => !pair.IsOf(finding)).ToList();
            (pairs, asked, seen, found, right) = (pairs + 1, asked + pair.Visible.Count, seen + pair.Visible.Count - open.Count, found + findings.Count, right + findings.Count - others.Count);
            if (open.Count + others.Count > 0)
            {
                Write($"{pair}: not found: {string.Join(", ", open)}; of neither:\n{DiagnosedHomelab.Text(others)}\nfound:\n{DiagnosedHomelab.Text(findings)}");
            }
        }

        var (precision, recall) = ((double)right / found, (double)seen / asked);
        Write(FormattableString.Invariant($"Seed {seed}, {Pairs} pairs, {impossible} could not be produced: {seen} of {asked} roots found that can be seen, {right} of {found} findings are roots; precision {precision:0.000}, recall {recall:0.000}."));
        Assert.True(precision >= Wanted && recall >= Wanted, FormattableString.Invariant($"Precision {precision:0.000}, recall {recall:0.000}; the output has the pairs."));
    }

    // What is found in the end; null when the homelab cannot be given both.
    private async Task<IReadOnlyList<HomelabFinding>?> ProduceAsync(FaultPair pair)
    {
        try
        {
            await using var first = await homelab.Faults.SwitchOnAsync(pair.First.Name, pair.First.Target, Stop);
            await homelab.FindUntilAsync(found => found.Any(pair.First.Is), pair.First.Step, Patience, Looks);
            await using var second = await homelab.Faults.SwitchOnAsync(pair.Second.Name, pair.Second.Target, Stop);
            var step = pair.First.Step > pair.Second.Step ? pair.First.Step : pair.Second.Step;
            return await homelab.FindUntilAsync(found => pair.Visible.All(fault => found.Any(fault.Is)) && found.All(pair.IsOf), step, Patience, Looks);
        }
        catch (HomelabException error) when (error.Id == "SandboxFaultNotPossible")
        {
            Write($"{pair}: {error.Message}");
            return null;
        }
    }

    private static void Write(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}

/// <summary>One half.</summary>
public sealed class DiagnosisFirstPairTests(DiagnosedHomelab homelab) : DiagnosisPairTests(homelab, seed: 20261127), IClassFixture<DiagnosedHomelab>;

/// <summary>The other half.</summary>
public sealed class DiagnosisSecondPairTests(DiagnosedHomelab homelab) : DiagnosisPairTests(homelab, seed: 7), IClassFixture<DiagnosedHomelab>;
