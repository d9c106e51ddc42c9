namespace HomelabOps;

/// <summary>A port of this machine that leads to an application.</summary>
public sealed record HomelabPortForward : HomelabRecord
{
    /// <summary>Port of this machine, on the loopback address only.</summary>
    public int LocalPort { get; init; }

    /// <summary>Port of the pod.</summary>
    public int RemotePort { get; init; }

    /// <summary>The local address.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Whether connections arrive.</summary>
    public PortForwardState State { get; init; }

    /// <summary>Connections arrive, as far as is known.</summary>
    public bool Healthy => State == PortForwardState.Listening;

    /// <summary>The pod that the next connection goes to.</summary>
    public string Pod { get; init; } = "";

    /// <summary>Connections that are open.</summary>
    public int Connections { get; init; }

    /// <summary>Why the last connection failed; empty when it did not.</summary>
    public string Message { get; init; } = "";
}

/// <summary>Whether connections of a port-forward arrive.</summary>
public enum PortForwardState
{
    /// <summary>The last one did, or there was none yet.</summary>
    Listening,

    /// <summary>The last one did not. The next one looks for another pod.</summary>
    Broken,

    /// <summary>It does not listen any more.</summary>
    Stopped,
}
