namespace HomelabOps.Core.Drills;

/// <summary>A breakdown, what Test-Homelab has to say of it, and what is done about it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Section">The section of the runbook that it is about.</param>
/// <param name="Area">Where the finding belongs.</param>
/// <param name="Reason">Reason of the root.</param>
/// <param name="Kind">Kind of the root.</param>
/// <param name="Actions">The remedy, in its order.</param>
internal sealed record DrillScenario(string Name, string Section, HomelabArea Area, string Reason, string Kind, params DrillAction[] Actions)
{
    /// <summary>The fault of the embedded homelab.</summary>
    public string Fault { get; init; } = Name;

    /// <summary>How far the clock jumps before one looks: to what runs once a night.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>How far the clock jumps at a time until it shows.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often it jumps before one looks again: looking at all Syncthings, or whether watches are kept, takes longer than a jump.</summary>
    public int Jumps { get; init; } = 1;

    /// <summary>Part of the name of the root; null for that of the fault's target.</summary>
    public string? Root { get; init; }

    /// <summary>The application that is moved, with its namespace; by default the one that every embedded homelab has with a copy on the other node.</summary>
    public string App { get; init; } = "media/sonarr";

    /// <summary>The node that is broken, and that the application comes home to; null for the usual one.</summary>
    public string? Node { get; init; }

    /// <summary>What it is called, with the application where that is not the usual one.</summary>
    public string Title => Node is null ? Name : $"{Name} {App}";

    /// <summary>Whether an application is moved to its other node.</summary>
    public bool MovesApp => Actions.Contains(DrillAction.Failover);

    /// <summary>Whether a finding is the one.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="target">What the fault is on for.</param>
    public bool Is(HomelabFinding finding, string target) =>
        finding.Reason == Reason && finding.Kind == Kind && finding.Name.Contains(Root ?? NameOf(target), StringComparison.Ordinal);

    /// <summary>The name within a target. A mount is named by its node, a claim by the application that it is made for.</summary>
    public static string NameOf(string target) => target.Split(':')[0].Split('/')[^1];
}
