namespace HomelabOps.Sandbox.Api.Access;

/// <summary>Who sends a request.</summary>
internal sealed record ApiUser(string Name, string[] Groups)
{
    /// <summary>The owner of the sandbox, who may do everything.</summary>
    public static ApiUser Owner { get; } = new("homelab-owner", ["system:masters", "system:authenticated"]);

    /// <summary>The homelab's own controllers. They are beside the server and not at the other end of a wire, so its faults do not meet them.</summary>
    public static ApiUser Controllers { get; } = new("system:homelab-controllers", ["system:masters"]);

    public string Uid { get; init; } = "";

    public bool IsOwner => Groups.Contains("system:masters", StringComparer.Ordinal);
}
