namespace HomelabOps.Sandbox.Api.Access;

/// <summary>Who sends a request.</summary>
internal sealed record ApiUser(string Name, string[] Groups)
{
    /// <summary>The owner of the sandbox, who may do everything.</summary>
    public static ApiUser Owner { get; } = new("homelab-owner", ["system:masters", "system:authenticated"]);

    public string Uid { get; init; } = "";

    public bool IsOwner => Groups.Contains("system:masters", StringComparer.Ordinal);
}
