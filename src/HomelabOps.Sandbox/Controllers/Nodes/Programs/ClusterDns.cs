namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Where the name server of the cluster is.</summary>
internal static class ClusterDns
{
    /// <summary>Its address, as the manifest of CoreDNS says.</summary>
    public const string Address = "10.96.0.10";
}
