namespace HomelabOps.Core.Diagnosis.Links;

/// <summary>Whether a node reaches what it needs of another one.</summary>
internal enum LinkState
{
    /// <summary>Nobody could tell: nothing was asked, or the image has no program for it.</summary>
    Unknown,

    /// <summary>It answers.</summary>
    Reached,

    /// <summary>It does not answer, or refuses.</summary>
    Broken,
}
