namespace HomelabOps.Core.Volumes.Binding;

/// <summary>How a volume comes to be looked at for a claim. Each way has rules of its own.</summary>
[Flags]
internal enum BindingWay
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The claim names no volume, and nobody has this one.</summary>
    Search = 1,

    /// <summary>As Search, by the scheduler, for a class that waits for the first consumer.</summary>
    Delayed = 2,

    /// <summary>The claim names no volume, and this one is kept for it.</summary>
    Kept = 4,

    /// <summary>The claim names this one, which nobody has.</summary>
    Named = 8,

    /// <summary>Each names the other: nothing else matters.</summary>
    Mutual = 16,

    /// <summary>Whatever leads to it.</summary>
    Any = Search | Delayed | Kept | Named | Mutual,
}
