namespace HomelabOps.Core.Applications;

/// <summary>Whether and how long a change of an application is waited for.</summary>
public sealed record AppOptions
{
    /// <summary>The settings of the homelab, for the record that is given back.</summary>
    public HomelabConfig Config { get; init; } = new();

    /// <summary>Folder of the clone that the cluster follows; null when none is known.</summary>
    public string? Repository { get; init; }

    /// <summary>Changes and does not wait.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long the pods may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
