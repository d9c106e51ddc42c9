namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class VolumeAffinityWire
{
    public NodeTermsWire? Required { get; set; }
}

internal sealed class AffinityWire
{
    public NodeAffinityWire? NodeAffinity { get; set; }

    public PodAffinityWire? PodAffinity { get; set; }

    public PodAffinityWire? PodAntiAffinity { get; set; }
}

internal sealed class PodAffinityWire
{
    public List<PodTermWire>? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }
}

internal sealed class PodTermWire
{
    public PodSelectorWire? LabelSelector { get; set; }

    public List<string>? Namespaces { get; set; }

    public PodSelectorWire? NamespaceSelector { get; set; }

    public string TopologyKey { get; set; } = "";
}

internal sealed class PodSelectorWire
{
    public Dictionary<string, string>? MatchLabels { get; set; }

    public List<NodeExpressionWire>? MatchExpressions { get; set; }
}

internal sealed class NodeAffinityWire
{
    public NodeTermsWire? RequiredDuringSchedulingIgnoredDuringExecution { get; set; }
}

internal sealed class NodeTermsWire
{
    public List<NodeTermWire>? NodeSelectorTerms { get; set; }
}

internal sealed class NodeTermWire
{
    public List<NodeExpressionWire>? MatchExpressions { get; set; }

    public List<NodeExpressionWire>? MatchFields { get; set; }
}

internal sealed class NodeExpressionWire
{
    public string? Key { get; set; }

    public string? Operator { get; set; }

    public List<string>? Values { get; set; }
}

internal sealed class TolerationWire
{
    public string? Key { get; set; }

    public string? Operator { get; set; }

    public string? Value { get; set; }

    public string? Effect { get; set; }
}
