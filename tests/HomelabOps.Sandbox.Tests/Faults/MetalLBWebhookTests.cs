using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.MetalLB;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults.Causes;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>What Test-MetalLBWebhook says of the embedded homelab, whole and with each of its faults.</summary>
public sealed class MetalLBWebhookTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["MetalLBSecretMissing"] = "SecretMissing",
        ["MetalLBSecretRenamed"] = "SecretNameMismatch",
        ["MetalLBCertificateExpired"] = "Expired",
    };

    public static TheoryData<string> Names() => [.. MetalLBFaults.All.Select(definition => definition.Fault.Name)];

    [Fact]
    public async Task Nothing_is_wrong_with_a_homelab_that_is_well()
    {
        await homelab.UntilWellAsync();
        await homelab.UntilAsync(async () => (await StatusAsync(homelab.Homelab)).Healthy, "the webhook is well", TimeSpan.FromSeconds(5));
        var status = await StatusAsync(homelab.Homelab);
        Assert.Equal((true, true, true, true, true, ""), (status.Rotation, status.SecretExists, status.CaMatches, status.ControllerReady, status.DryRun, status.Reason));
        Assert.Equal(["metallb-webhook-service.metallb-system.svc"], status.Sans);
        Assert.Equal(1, status.ReadyEndpoints);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_fault_is_found_by_its_cause(string fault)
    {
        await homelab.ProveAsync(fault, null, TimeSpan.FromSeconds(5), (Reasons[fault], async it => (await StatusAsync(it)) is { Healthy: false } status && status.Reason == Reasons[fault]));
        await homelab.UntilAsync(async () => (await StatusAsync(homelab.Homelab)).Healthy, "the webhook is well again", TimeSpan.FromSeconds(5));
    }

    // Made again by hand it has none, and Flux has it in its list all the same.
    [Fact]
    public async Task A_Secret_of_Git_that_lacks_the_labels_of_Flux_is_mended_in_Git()
    {
        await homelab.UntilWellAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("MetalLBCertificateExpired", null, TestContext.Current.CancellationToken);
        MetalLBWebhookStatus? status = null;
        var stripped = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = null } };
        await homelab.UntilAsync(
            async () =>
            {
                await homelab.Homelab.Client.PatchAsync(Types.Secret, "metallb-system", "metallb-webhook-cert", PatchKind.Merge, (JsonObject)stripped.DeepClone(), TestContext.Current.CancellationToken);
                await foreach (var item in MetalLBWebhookTester.TestAsync(homelab.Homelab.Client, [], new(), (key, labels, stop) => FluxApplier.FindAsync(homelab.Homelab.Client, key, labels, stop), TestContext.Current.CancellationToken))
                {
                    status = item.Value ?? status;
                }

                return status?.Reason == "Expired";
            },
            "the certificate has expired",
            TimeSpan.FromSeconds(5));
        Assert.Contains("applied from Git by Kustomization/flux-system/infrastructure-metallb", status!.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("-Force", status.Remedy, StringComparison.Ordinal);
    }

    private static async Task<MetalLBWebhookStatus> StatusAsync(EmbeddedHomelab it) =>
        MetalLBWebhookJudge.Judge(await MetalLBWebhookReader.ReadAsync(it.Client, "metallb-system", TestContext.Current.CancellationToken), it.Clock.GetUtcNow());
}
