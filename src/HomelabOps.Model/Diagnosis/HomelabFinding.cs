using System.Globalization;

namespace HomelabOps;

/// <summary>Something that is wrong, or will be, with what it comes from and what to do.</summary>
public sealed record HomelabFinding
{
    /// <summary>Name of the connection that it was found on; empty for what was found in files.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>What part of the homelab it is about.</summary>
    public HomelabArea Area { get; init; }

    /// <summary>How bad it is.</summary>
    public FindingSeverity Severity { get; init; }

    /// <summary>One word for scripts, such as <c>FileMissing</c>. It does not change between versions.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is wrong, in a sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>The object that it is about; null when it is about none.</summary>
    public ResourceReference? Target { get; init; }

    /// <summary>The broken object at the end of the chain; null when the target is the cause itself.</summary>
    public ResourceReference? RootCause { get; init; }

    /// <summary>What stands between the target and the root cause, the nearest first.</summary>
    public IReadOnlyList<ResourceReference> BlockedBy { get; init; } = [];

    /// <summary>What it was concluded from.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What to do about it.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>What Repair-Homelab can do about it; null when nothing safe is known.</summary>
    public HomelabRepairAction? Repair { get; init; }

    /// <summary>What Repair-Homelab can do instead where somebody chooses it: it mends the finding by giving something up.</summary>
    public IReadOnlyList<HomelabRepairAction> Choices { get; init; } = [];

    /// <summary>It was told before and is not there any more, as only -Watch says.</summary>
    public bool Gone { get; init; }

    /// <summary>The file, as a path within the repository with / between its parts; null when no file is to blame.</summary>
    public string? File { get; init; }

    /// <summary>The line, counted from 1; null when no line is to blame.</summary>
    public int? Line { get; init; }

    /// <summary>The column, counted from 1; null when none is known.</summary>
    public int? Column { get; init; }

    /// <summary><c>file:line:column</c>, as editors and terminals take it; empty when no file is to blame.</summary>
    public string Place => string.Join(':', new[] { File, Line?.ToString(CultureInfo.InvariantCulture), Column?.ToString(CultureInfo.InvariantCulture) }.TakeWhile(part => part is not null));

    /// <summary>Kind of the target.</summary>
    public string Kind => Target?.Kind ?? "";

    /// <summary>Namespace of the target.</summary>
    public string Namespace => Target?.Namespace ?? "";

    /// <summary>Name of the target.</summary>
    public string Name => Target?.Name ?? "";

    /// <summary>The target, to hand to other cmdlets.</summary>
    public ResourceReference? Reference => Target;

    /// <summary>Place, severity, message and reason on one line, as compilers write them.</summary>
    public override string ToString() => $"{(File is null ? Target?.ToString() ?? Area.ToString() : Place)}: {(Gone ? "Gone" : Severity)}: {Message} [{Reason}]";
}
