using HomelabOps.Core.Repairs;

namespace HomelabOps.Core.Tests.Repairs;

/// <summary>What is chosen is done or nothing, and what has nothing to do with the choice is mended as usual.</summary>
public sealed class RepairChoiceTests
{
    private static readonly ResourceReference Controller = new("c", "Deployment", "metallb-system", "controller");

    [Theory]
    [InlineData(HomelabRepairKind.RenewWebhookCert, true, false, HomelabRepairKind.RenewWebhookCert)]
    [InlineData(HomelabRepairKind.RenewWebhookCert, true, true, HomelabRepairKind.DisableWebhook)]
    [InlineData(HomelabRepairKind.RenewWebhookCert, false, true, null)]
    [InlineData(HomelabRepairKind.UncordonNode, false, true, HomelabRepairKind.UncordonNode)]
    [InlineData(null, true, true, HomelabRepairKind.DisableWebhook)]
    [InlineData(null, false, true, null)]
    public void A_choice_that_is_not_offered_does_not_become_another_repair(HomelabRepairKind? repair, bool isOffered, bool isChosen, HomelabRepairKind? expected)
    {
        var finding = new HomelabFinding
        {
            Target = Controller,
            Remedy = "Do it by hand.",
            Repair = repair is { } kind ? Action(kind) : null,
            Choices = isOffered ? [Action(HomelabRepairKind.DisableWebhook)] : [],
        };
        var (action, reason) = RepairChoice.Of(finding, isChosen ? [HomelabRepairKind.DisableWebhook] : []);
        Assert.Equal(expected, action?.Kind);
        Assert.True(action is not null || reason.Contains("Do it by hand.", StringComparison.Ordinal), reason);
        Assert.Equal(action is null && repair is not null, reason.Contains("DisableWebhook was chosen", StringComparison.Ordinal));
    }

    private static HomelabRepairAction Action(HomelabRepairKind kind) => new() { Kind = kind, Target = Controller };
}
