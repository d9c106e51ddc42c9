using HomelabOps.Core.Applications.Edits;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>The two nodes of a homelab, and moves of applications between them.</summary>
internal static class Moves
{
    public static MoveNode Primary { get; } = Node("k3s-w1", "primary");

    public static MoveNode Backup { get; } = Node("k3s-w2", "backup");

    /// <summary>Over to the backup, with claims that are named after those of the primary.</summary>
    public static MoveAppEdit Over(string app, params string[] claims) => new(
        new() { App = new(app) }, new() { To = Backup, From = Primary, Claims = claims.ToDictionary(claim => claim, claim => claim + "-backup", StringComparer.Ordinal) });

    /// <summary>Back to the primary.</summary>
    public static MoveAppEdit Back(string app, params string[] claims) => new(
        new() { App = new(app) }, new() { To = Primary, From = Backup, Claims = claims.ToDictionary(claim => claim + "-backup", claim => claim, StringComparer.Ordinal) });

    private static MoveNode Node(string name, string role) => new(name, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kubernetes.io/hostname"] = name,
        ["kubernetes.io/os"] = "linux",
        ["kubernetes.io/arch"] = "amd64",
        ["role"] = role,
        ["unit"] = name[^1..],
        ["node-role.kubernetes.io/worker"] = "",
    });
}
