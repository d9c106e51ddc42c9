namespace HomelabOps.Core.Drills;

/// <summary>Something that was broken for a drill.</summary>
internal interface IDrillFault
{
    /// <summary>What it is on for; empty where the whole homelab is meant.</summary>
    string Target { get; }

    /// <summary>The homelab that is left to work on, where it is not the one that was broken; null for that one.</summary>
    IDrillGround? Ground => null;

    /// <summary>Whether the cause is still there.</summary>
    Task<bool> HoldsAsync(CancellationToken cancellationToken);

    /// <summary>Takes the cause away where it still is. What others have mended stays as it is.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}
