namespace HomelabOps.Core.Kubernetes.Writing;

/// <summary>How a change is made.</summary>
internal sealed record WriteOptions
{
    /// <summary>Who will own the changed fields.</summary>
    public string FieldManager { get; init; } = "homelabops";

    /// <summary>Part of the object that is changed, such as <c>status</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>The server checks the change and does not make it.</summary>
    public bool DryRun { get; init; }

    /// <summary>An apply takes fields away from other managers.</summary>
    public bool Force { get; init; }

    /// <summary>Attempts at the most; null for the client's own number. With 1 the caller is told of a 429 at once.</summary>
    public int? Attempts { get; init; }
}
