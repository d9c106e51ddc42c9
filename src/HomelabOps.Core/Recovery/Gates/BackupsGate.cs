namespace HomelabOps.Core.Recovery.Gates;

/// <summary>What is replicated is backed up as well: a copy takes over what is deleted.</summary>
internal sealed class BackupsGate : IRecoveryGate
{
    public string Name => "Backups";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.PersistentVolumeClaim, RecoveryKinds.ReplicationSource];

    public IReadOnlyList<string> Missing(RecoveryFacts facts)
    {
        var copied = ClaimCopies.Copied(facts);
        return [.. facts.Of(RecoveryKinds.PersistentVolumeClaim).Where(claim => !ClaimCopies.IsCopy(claim, facts) && copied.TryGetValue((claim.Key.Namespace, claim.Key.Name), out var methods) && !methods.Overlaps(ClaimCopies.BackupMethods))
            .Select(claim => $"{claim.Key.Namespace}/{claim.Key.Name}").Order(StringComparer.Ordinal)];
    }
}
