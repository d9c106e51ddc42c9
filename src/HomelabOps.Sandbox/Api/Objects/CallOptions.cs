using HomelabOps.Sandbox.Api.Access;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>How a write is to be done.</summary>
internal sealed record CallOptions
{
    public static CallOptions Default { get; } = new();

    public bool DryRun { get; init; }

    public string FieldManager { get; init; } = "homelabops-sandbox";

    /// <summary>Strict, Warn or Ignore: what becomes of fields that the kind does not have.</summary>
    public string FieldValidation { get; init; } = "Warn";

    /// <summary>The whole object comes from the client, and not a patch of it.</summary>
    public bool Replaces { get; init; }

    /// <summary>Takes fields from other managers (server-side apply).</summary>
    public bool Force { get; init; }

    /// <summary>Called with each warning for the client.</summary>
    public Action<string> Warn { get; init; } = static _ => { };

    public ApiUser User { get; init; } = ApiUser.Owner;

    /// <summary>Status, scale and others; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>Keeps account of who owns which fields.</summary>
    public FieldOwnership Managed { get; init; } = FieldOwnership.None;
}
