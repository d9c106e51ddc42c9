namespace HomelabOps.Sandbox.Faults;

/// <summary>The homelab does not have what a fault would break, such as a line of a manifest that somebody has rewritten.</summary>
internal sealed class FaultNotPossibleException(string message) : Exception(message);
