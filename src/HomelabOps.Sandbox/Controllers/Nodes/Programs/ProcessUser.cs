using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Whom a process runs as.</summary>
/// <param name="User">Number of the user.</param>
/// <param name="Group">Number of its first group.</param>
/// <param name="Groups">Numbers of all of its groups.</param>
internal sealed record ProcessUser(long User, long Group, IReadOnlyList<long> Groups)
{
    public static ProcessUser Root { get; } = new(0, 0, [0]);

    /// <summary>As <c>id</c> shows it: names are known of root only.</summary>
    public override string ToString() => $"uid={Named(User)} gid={Named(Group)} groups={string.Join(',', Groups.Select(Named))}";

    private static string Named(long number) => number == 0 ? "0(root)" : number.ToString(CultureInfo.InvariantCulture);
}
