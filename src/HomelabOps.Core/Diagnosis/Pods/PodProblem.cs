using HomelabOps.Core.Diagnosis.Causes;

namespace HomelabOps.Core.Diagnosis.Pods;

/// <summary>What is wrong with a pod.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Reason">Its word.</param>
/// <param name="Detail">What tells it from others of the same reason, such as the container or what is missing; empty for nothing.</param>
internal sealed record PodProblem(FindingSeverity Severity, string Reason, string Detail)
{
    /// <summary>Nothing: what it is at may still end well.</summary>
    public static PodProblem NotYet { get; } = new(FindingSeverity.Info, "", "");

    /// <summary>What was said of it.</summary>
    public string Words { get; init; } = "";

    /// <summary>What would explain it.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];

    /// <summary>What it was concluded from, besides the words.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
}
