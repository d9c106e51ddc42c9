namespace HomelabOps;

/// <summary>A Service that leads to an application's pods.</summary>
public sealed record HomelabAppService
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>ClusterIP, NodePort or LoadBalancer.</summary>
    public string Type { get; init; } = "";

    /// <summary>Its address in the cluster; <c>None</c> for a headless one.</summary>
    public string ClusterIP { get; init; } = "";

    /// <summary>Its address outside of the cluster; empty while it has none.</summary>
    public string ExternalIP { get; init; } = "";

    /// <summary>Its ports.</summary>
    public IReadOnlyList<HomelabAppPort> Ports { get; init; } = [];

    /// <summary>Addresses of pods that it sends traffic to.</summary>
    public int ReadyEndpoints { get; init; }

    /// <summary>Name and ports, as <c>sonarr:8989</c>.</summary>
    public override string ToString() => Ports.Count == 0 ? Name : $"{Name}:{string.Join(',', Ports)}";
}

/// <summary>A port of a Service.</summary>
/// <param name="Port">Number at the Service.</param>
/// <param name="TargetPort">Number or name at the pod.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Name">Its name; empty when it has none.</param>
public sealed record HomelabAppPort(int Port, string TargetPort, string Protocol, string Name)
{
    /// <summary><c>8989</c>, or <c>51820/UDP</c>.</summary>
    public override string ToString() => Protocol == "TCP" ? $"{Port}" : $"{Port}/{Protocol}";
}
