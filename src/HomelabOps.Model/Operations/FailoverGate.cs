namespace HomelabOps;

/// <summary>One thing that must hold before an application is moved.</summary>
/// <param name="Name">What must hold, as <c>-OverrideGate</c> takes it.</param>
/// <param name="Passed">It holds.</param>
/// <param name="Message">What was found, and what to do where it does not hold.</param>
public sealed record FailoverGate(string Name, bool Passed, string Message)
{
    /// <summary><c>-OverrideGate</c> may name it; where nothing could be done without what must hold it may not.</summary>
    public bool CanBeOverridden { get; init; } = true;

    /// <summary>What must hold, as the default view calls it.</summary>
    public string Gate => Name;

    /// <summary><c>Name: message</c>.</summary>
    public override string ToString() => $"{Name}: {Message}";
}
