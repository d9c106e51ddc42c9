using HomelabOps.Core;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>How long a move waits for Flux before it applies the commit itself is said by who moves.</summary>
public sealed class FluxPatienceTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_none_does_not_wait_for_Flux()
    {
        await homelab.UntilInSyncAsync();
        var options = homelab.Options with { FluxPatience = TimeSpan.Zero };
        var (plans, _, notices) = await FailoverPlan.MakeAsync(options, homelab.Store, [await homelab.AppAsync("sonarr")], new() { Kind = OperationKind.PlannedFailover }, Stop);
        Assert.Equal("", string.Join('\n', notices.OfType<FailureNotice>().Select(notice => notice.Error.Message)));
        var result = await homelab.DuringAsync(async () =>
        {
            FailoverResult? last = null;
            await foreach (var item in new OperationRunner(options, homelab.Store).RunAsync(Assert.Single(plans).Record, Stop))
            {
                last = item.Value ?? last;
            }

            return last!;
        });
        Assert.Equal(FailoverStatus.Completed, result.Status);
        Assert.StartsWith(Errors.Text("Detail_StepReconciledDirectly", Display.Commit(result.Commit!), "")[..40], result.Steps.Single(step => step.Name == "Reconcile").Message, StringComparison.Ordinal);
    }
}
