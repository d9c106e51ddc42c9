namespace HomelabOps;

/// <summary>What the default views show of failovers.</summary>
public static partial class Display
{
    /// <summary>How much time would be lost at least: <c>none</c>, <c>&gt; 25s</c>, or a question mark where nothing tells.</summary>
    /// <param name="readiness">The application.</param>
    public static string Loss(FailoverReadiness readiness)
    {
        ArgumentNullException.ThrowIfNull(readiness);
        return readiness switch
        {
            { AtTarget: true } => "",
            { DataLossWindow: null } => "?",
            { DataLossWindow.Ticks: 0 } => "none",
            _ => $"> {Duration(readiness.DataLossWindow)}",
        };
    }

    /// <summary>The gates that are not passed, with what they say.</summary>
    /// <param name="readiness">The application.</param>
    public static string Open(FailoverReadiness readiness)
    {
        ArgumentNullException.ThrowIfNull(readiness);
        return string.Join(' ', readiness.Gates.Where(gate => !gate.Passed));
    }

    /// <summary>The gates of a recovery that are not passed, by name.</summary>
    /// <param name="readiness">The cluster.</param>
    public static string Open(RecoveryReadiness readiness)
    {
        ArgumentNullException.ThrowIfNull(readiness);
        return string.Join(", ", readiness.Gates.Where(gate => !gate.Passed).Select(gate => gate.Items.Count > 1 ? $"{gate.Name} ({gate.Items.Count})" : gate.Name));
    }
}
