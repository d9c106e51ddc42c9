namespace HomelabOps;

/// <summary>A volume that a claim might get, and why it does or does not.</summary>
public sealed record PvcCandidate
{
    /// <summary>Name of the volume.</summary>
    public string Volume { get; init; } = "";

    /// <summary>The binder would take it.</summary>
    public bool Fits { get; init; }

    /// <summary>The first rule that it breaks. Of one that fits only NodeAffinity can be: the binder takes it, and no pod could use it.</summary>
    public PvcBindingRule Rule { get; init; }

    /// <summary>What is wrong with it; empty when nothing is.</summary>
    public string Message { get; init; } = "";

    /// <summary>The volume and the rule that it breaks.</summary>
    public override string ToString() => Rule == PvcBindingRule.None ? Volume : $"{Volume}: {Rule}";
}
