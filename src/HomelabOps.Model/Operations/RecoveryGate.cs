namespace HomelabOps;

/// <summary>Something that has to hold for a cluster to be brought back from Git.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Passed">Nothing of it would be missing. What could not be read is not passed.</param>
/// <param name="Message">What was found.</param>
public sealed record RecoveryGate(string Name, bool Passed, string Message)
{
    /// <summary>What it is about, as the default view calls it.</summary>
    public string Gate => Name;

    /// <summary>What would be missing, such as objects, claims and keys; empty when nothing is.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>What to do about it; empty when nothing is to be done.</summary>
    public string Remedy { get; init; } = "";

    /// <summary><c>Name: message</c>.</summary>
    public override string ToString() => $"{Name}: {Message}";
}
