namespace HomelabOps;

/// <summary>Who suspended an object of Flux or a replication, stopped an application or cordoned a node, why and until when. Neither Flux nor Kubernetes records any of it; the cmdlets do.</summary>
public sealed record FluxSuspension
{
    /// <summary>Who did it; null when nobody wrote it down.</summary>
    public string? By { get; init; }

    /// <summary>Why; null when nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when, local time; null when nobody wrote it down.</summary>
    public DateTime? Since { get; init; }

    /// <summary>When it ought to end, local time; null for no end. Nothing ends it by itself.</summary>
    public DateTime? Until { get; init; }

    /// <summary>The operation that keeps it suspended until its commit is pushed; null for none. <c>Resume-HomelabOperation</c> ends it.</summary>
    public string? Operation { get; init; }

    /// <summary>The end has passed and the object is still suspended.</summary>
    public bool IsOverdue => Until < DateTime.Now;

    /// <summary>In one line: by whom, why, until when.</summary>
    public override string ToString()
    {
        var parts = new List<string>(3);
        if (By is { Length: > 0 })
        {
            parts.Add($"by {By}");
        }

        if (Reason is { Length: > 0 })
        {
            parts.Add($"because: {Reason}");
        }

        if (Until is { } end)
        {
            parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(IsOverdue ? "overdue since" : "until")} {end:yyyy-MM-dd HH:mm}"));
        }

        return string.Join(", ", parts);
    }
}
