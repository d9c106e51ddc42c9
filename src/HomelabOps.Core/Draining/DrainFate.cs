namespace HomelabOps.Core.Draining;

/// <summary>What a drain does with a pod.</summary>
internal enum DrainFate
{
    /// <summary>It is evicted.</summary>
    Evicted,

    /// <summary>It is being ended already, and is waited for.</summary>
    Ending,

    /// <summary>It stays: it is run from a file of the node, or its DaemonSet would put another one there at once.</summary>
    Stays,
}
