namespace HomelabOps.Core.Journal;

/// <summary>What takes a change back.</summary>
internal sealed class JournalUndo
{
    /// <summary><c>None</c>, <c>MergePatch</c>, <c>GitRevert</c>, ...: the form of <see cref="Value"/>.</summary>
    public string Form { get; set; } = "None";

    /// <summary>The patch, or for <c>None</c> the reason why nothing takes it back.</summary>
    public string? Value { get; set; }

    /// <summary>Nothing takes it back.</summary>
    public static JournalUndo None(string reason) => new() { Value = reason };

    /// <summary>This patch of the same object takes it back.</summary>
    public static JournalUndo MergePatch(string patch) => new() { Form = "MergePatch", Value = patch };

    /// <summary>This patch of the same object takes it back, with lists merged by their keys.</summary>
    public static JournalUndo StrategicMergePatch(string patch) => new() { Form = "StrategicMergePatch", Value = patch };

    /// <summary>A commit that reverts this one takes it back.</summary>
    public static JournalUndo Revert(string commit) => new() { Form = "GitRevert", Value = commit };
}
