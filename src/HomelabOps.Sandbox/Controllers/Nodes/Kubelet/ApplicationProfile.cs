namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>How an application behaves that is known by the name of its image.</summary>
/// <param name="Name">What it calls itself.</param>
internal sealed record ApplicationProfile(string Name)
{
    /// <summary>Where it listens; empty for what its containers declare.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Whether its ports speak HTTP.</summary>
    public bool IsHttp { get; init; } = true;

    /// <summary>Paths that it answers beside <c>/</c>; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What it writes when it starts.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>What it writes as it works; null for one of which that is not known.</summary>
    public LogJournal? Journal { get; init; }

    /// <summary>What it writes while it runs.</summary>
    public IReadOnlyList<string> Ongoing { get; init; } = [];

    /// <summary>Thousandths of a core that it uses on average.</summary>
    public int Cpu { get; init; } = 8;

    /// <summary>Mebibytes that it uses on average.</summary>
    public int Memory { get; init; } = 90;

    /// <summary>Bytes without which it does not come up.</summary>
    public long LeastMemory => ((long)Memory << 20) / 4;

    public bool Answers(string path)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal);
        var plain = end < 0 ? path : path[..end];
        return Paths.Count == 0 || plain is "/" or "" || Paths.Contains(plain, StringComparer.Ordinal);
    }
}
