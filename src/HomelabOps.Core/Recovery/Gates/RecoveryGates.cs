namespace HomelabOps.Core.Recovery.Gates;

/// <summary>All gates, in the order in which a recovery comes to them.</summary>
internal static class RecoveryGates
{
    private static readonly IRecoveryGate[] All =
    [
        new RepositoryGate(), new AccessGate(), new SecretsGate(), new SecretKeysGate(), new ObjectsGate(), new VolumesGate(), new DataGate(), new BackupsGate(),
        new SyncthingDevicesGate(), new SyncthingAddressesGate(), new WebhookGate(), new NodesGate(), new ImagesGate(),
    ];

    /// <summary>What all of them found.</summary>
    public static IReadOnlyList<RecoveryGate> Check(RecoveryFacts facts) => [.. All.Select(gate => Check(gate, facts))];

    private static RecoveryGate Check(IRecoveryGate gate, RecoveryFacts facts)
    {
        if (facts.Denied.Where(type => gate.Kinds.Contains((type.Group, type.Kind))).Select(type => type.Kind).ToList() is { Count: > 0 } denied)
        {
            return new(gate.Name, false, Errors.Text("RecoveryGate_Denied", string.Join(", ", denied))) { Remedy = Errors.Text("RecoveryGate_Denied_Remedy") };
        }

        var missing = gate.Missing(facts);
        return missing.Count == 0
            ? new(gate.Name, true, Errors.Text($"RecoveryGate_{gate.Name}_None"))
            : new(gate.Name, false, Errors.Text($"RecoveryGate_{gate.Name}", missing.Count, string.Join(", ", missing))) { Items = missing, Remedy = Errors.Text($"RecoveryGate_{gate.Name}_Remedy") };
    }
}
