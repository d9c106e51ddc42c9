namespace HomelabOps.Sandbox.Homelab;

/// <summary>An application of the homelab.</summary>
internal sealed record PlannedApp
{
    public required string Name { get; init; }

    /// <summary>Its folder below apps, which is its namespace as well.</summary>
    public required string Category { get; init; }

    /// <summary>Image without a tag.</summary>
    public required string Image { get; init; }

    public required string Tag { get; init; }

    /// <summary>The tag before the last update; null where none is in the history.</summary>
    public string? FormerTag { get; init; }

    /// <summary>Where its container listens.</summary>
    public required int Port { get; init; }

    /// <summary>Path of its health check; null where only the port is tried.</summary>
    public string? Probe { get; init; }

    /// <summary>Folder of the container that holds its data.</summary>
    public string Data { get; init; } = "/config";

    /// <summary>The claim that it uses at home.</summary>
    public string Claim => $"pvc-{Name}";

    public AppReplication Replication { get; init; }

    public AppForm Form { get; init; }

    /// <summary>How it reaches the media.</summary>
    public MediaAccess Media { get; init; }

    /// <summary>Whether people use it by a browser, so that it has an Ingress.</summary>
    public bool HasPages => Probe is not null;

    public bool IsSyncthing => Replication is AppReplication.Syncthing or AppReplication.Labelled;
}
