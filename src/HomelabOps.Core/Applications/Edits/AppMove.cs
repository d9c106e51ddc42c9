namespace HomelabOps.Core.Applications.Edits;

/// <summary>Where an application goes.</summary>
internal sealed record AppMove
{
    /// <summary>The node that it is to run on.</summary>
    public required MoveNode To { get; init; }

    /// <summary>The node that it comes from, which tells of several values and terms those that stand for it; null where it is not known.</summary>
    public MoveNode? From { get; init; }

    /// <summary>Its claims, each with the one that takes its place. All of them must be in the repository, or already have been replaced.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
