using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Wire;

/// <summary>What Traefik puts before an application, as far as it decides who gets through.</summary>
internal sealed class MiddlewareWire : ObjectWire
{
    public MiddlewareSpecWire? Spec { get; set; }
}

internal sealed class MiddlewareSpecWire
{
    public ForwardAuthWire? ForwardAuth { get; set; }

    public SkippedWire? BasicAuth { get; set; }

    public SkippedWire? DigestAuth { get; set; }

    public SkippedWire? IpAllowList { get; set; }

    public SkippedWire? IpWhiteList { get; set; }

    public SkippedWire? RedirectScheme { get; set; }

    public SkippedWire? Plugin { get; set; }

    public MiddlewareChainWire? Chain { get; set; }
}

internal sealed class ForwardAuthWire
{
    public string? Address { get; set; }
}

internal sealed class MiddlewareChainWire
{
    public List<MiddlewareLinkWire>? Middlewares { get; set; }
}

internal sealed class MiddlewareLinkWire
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }
}
