namespace HomelabOps.Core.Flux.Wire;

internal sealed class HelmReleaseWire : FluxWire
{
    public HelmReleaseSpecWire? Spec { get; set; }

    public HelmReleaseStatusWire? Status { get; set; }

    public override FluxSpecWire? CommonSpec => Spec;

    public override FluxStatusWire? CommonStatus => Status;
}

internal sealed class HelmReleaseSpecWire : FluxSpecWire
{
    public HelmChartTemplateWire? Chart { get; set; }

    public FluxReferenceWire? ChartRef { get; set; }

    public string? ReleaseName { get; set; }

    public string? TargetNamespace { get; set; }

    public List<FluxReferenceWire>? DependsOn { get; set; }
}

internal sealed class HelmChartTemplateWire
{
    public HelmChartTemplateSpecWire? Spec { get; set; }
}

internal sealed class HelmChartTemplateSpecWire
{
    public string? Chart { get; set; }

    public string? Version { get; set; }

    public FluxReferenceWire? SourceRef { get; set; }
}

internal sealed class HelmReleaseStatusWire : FluxStatusWire
{
    public string? LastAppliedRevision { get; set; }

    public string? LastAttemptedRevision { get; set; }

    public List<HelmSnapshotWire>? History { get; set; }
}

internal sealed class HelmSnapshotWire
{
    public string? ChartName { get; set; }

    public string? ChartVersion { get; set; }

    public string? Status { get; set; }
}
