namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>How the probe of a container went so far.</summary>
internal sealed class ProbeRun
{
    public int Failures { get; set; }

    public int Successes { get; set; }

    /// <summary>When it is asked again; null until it begins, and while it goes well.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>Whether its threshold of successes was reached last.</summary>
    public bool IsPassed { get; set; }
}
