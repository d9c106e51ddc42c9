namespace HomelabOps;

/// <summary>A change of a Git repository that Flux applies, and how far it has come.</summary>
public sealed record GitOpsChange
{
    /// <summary>The application that it is about; empty for others.</summary>
    public string App { get; init; } = "";

    /// <summary>First line of the message.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Hash of the commit in full. Where the files were right already, the commit that they were right at; empty where nothing was committed.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The branch of the remote, in short.</summary>
    public string Branch { get; init; } = "";

    /// <summary>The working copy, or the address of the remote where there is none. Holds no password.</summary>
    public string Repository { get; init; } = "";

    /// <summary>What changed, as paths of the repository; empty where the files were right already.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The change as <c>git diff</c> writes it.</summary>
    public string Diff { get; init; } = "";

    /// <summary>The remote has it.</summary>
    public bool Pushed { get; init; }

    /// <summary>What Flux calls it, such as <c>main@sha1:…</c>; empty where nothing was committed.</summary>
    public string Revision { get; init; } = "";

    /// <summary>It runs in the cluster; false where that was not waited for.</summary>
    public bool RolledOut { get; init; }

    /// <summary>How long all of it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The hash in short and the subject.</summary>
    public override string ToString() => Commit.Length == 0 ? Subject : $"{Display.Commit(Commit)} {Subject}";
}
