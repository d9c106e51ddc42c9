namespace HomelabOps.Core.Kubernetes.Wire;

internal sealed class IngressWire : ObjectWire
{
    public IngressSpecWire? Spec { get; set; }

    public LoadBalancerWire? Status { get; set; }
}

internal sealed class IngressSpecWire
{
    public string? IngressClassName { get; set; }

    public IngressBackendWire? DefaultBackend { get; set; }

    public List<IngressRuleWire>? Rules { get; set; }

    public List<IngressTlsWire>? Tls { get; set; }
}

internal sealed class IngressTlsWire
{
    public List<string>? Hosts { get; set; }

    public string? SecretName { get; set; }
}

internal sealed class IngressRuleWire
{
    public string? Host { get; set; }

    public IngressHttpWire? Http { get; set; }
}

internal sealed class IngressHttpWire
{
    public List<IngressPathWire>? Paths { get; set; }
}

internal sealed class IngressPathWire
{
    public string? Path { get; set; }

    public IngressBackendWire? Backend { get; set; }
}

internal sealed class IngressBackendWire
{
    public IngressServiceWire? Service { get; set; }
}

internal sealed class IngressServiceWire
{
    public string? Name { get; set; }

    public IngressPortWire? Port { get; set; }
}

internal sealed class IngressPortWire
{
    public string? Name { get; set; }

    public int? Number { get; set; }
}
