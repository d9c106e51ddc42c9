namespace HomelabOps;

/// <summary>A commit of a Git repository.</summary>
public sealed record GitCommit
{
    /// <summary>The hash in full.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Name of who wrote it.</summary>
    public string Author { get; init; } = "";

    /// <summary>Mail address of who wrote it.</summary>
    public string Email { get; init; } = "";

    /// <summary>When it was written, local time.</summary>
    public DateTime Time { get; init; }

    /// <summary>First line of the message.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The hash in short, author and subject.</summary>
    public override string ToString() => $"{Display.Commit(Commit)} {Author}: {Subject}";
}
