namespace HomelabOps.Core.Flux.Wire;

internal sealed class KustomizationWire : FluxWire
{
    public KustomizationSpecWire? Spec { get; set; }

    public KustomizationStatusWire? Status { get; set; }

    public override FluxSpecWire? CommonSpec => Spec;

    public override FluxStatusWire? CommonStatus => Status;
}

internal sealed class KustomizationSpecWire : FluxSpecWire
{
    public string? Path { get; set; }

    public bool Prune { get; set; }

    public bool Wait { get; set; }

    public string? TargetNamespace { get; set; }

    public FluxReferenceWire? SourceRef { get; set; }

    public List<FluxReferenceWire>? DependsOn { get; set; }
}

internal sealed class KustomizationStatusWire : FluxStatusWire
{
    public string? LastAppliedRevision { get; set; }

    public string? LastAttemptedRevision { get; set; }

    public InventoryWire? Inventory { get; set; }

    public List<ReconciliationWire>? History { get; set; }
}

internal sealed class InventoryWire
{
    public List<InventoryEntryWire>? Entries { get; set; }
}

internal sealed class InventoryEntryWire
{
    public string? Id { get; set; }
}

internal sealed class ReconciliationWire
{
    public DateTimeOffset? LastReconciled { get; set; }
}
