namespace HomelabOps;

/// <summary>What one commit did with one file of a repository.</summary>
public sealed record ManifestVersion
{
    /// <summary>The file, as a path of the repository.</summary>
    public string File { get; init; } = "";

    /// <summary>Hash of the commit in full.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Name of who wrote it.</summary>
    public string Author { get; init; } = "";

    /// <summary>When it was written, local time.</summary>
    public DateTime Time { get; init; }

    /// <summary>What it did with the file.</summary>
    public ManifestChange Change { get; init; }

    /// <summary>First line of the message.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The working copy, or the address of the remote where there is none.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The hash in short, what it did and the file.</summary>
    public override string ToString() => $"{Display.Commit(Commit)} {Change} {File}";
}
