namespace HomelabOps.Core.Repairs;

/// <summary>What is done about a finding: what somebody has chosen, or the usual.</summary>
internal static class RepairChoice
{
    // What is done usually where the choice is not made. Whoever chooses one does not want the other.
    private static readonly Dictionary<HomelabRepairKind, HomelabRepairKind> Usual = new() { [HomelabRepairKind.DisableWebhook] = HomelabRepairKind.RenewWebhookCert };

    /// <summary>Chooses.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="chosen">What was chosen.</param>
    /// <returns>What is done, or null and why nothing is.</returns>
    public static (HomelabRepairAction? Action, string Reason) Of(HomelabFinding finding, IReadOnlyCollection<HomelabRepairKind> chosen)
    {
        if (finding.Choices.FirstOrDefault(choice => chosen.Contains(choice.Kind)) is { } action)
        {
            return (action, "");
        }

        return finding.Repair is { } usual && chosen.Any(kind => Usual.TryGetValue(kind, out var other) && other == usual.Kind)
            ? (null, Errors.Text("RepairNotOffered", string.Join(", ", chosen), usual.Kind, finding.Remedy))
            : (finding.Repair, finding.Remedy);
    }
}
