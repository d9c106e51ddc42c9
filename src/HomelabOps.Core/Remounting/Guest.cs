using System.Globalization;

namespace HomelabOps.Core.Remounting;

/// <summary>A container or VM of a Proxmox host.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsRunning">It runs.</param>
internal sealed record Guest(int Id, string Name, bool IsRunning)
{
    /// <summary>Reads what <c>pct list</c> and <c>qm list</c> write: a number, then name and state in either order, and more.</summary>
    public static IReadOnlyList<Guest> Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var heads = Fields(lines.FirstOrDefault() ?? "");
        var (name, state) = (Array.IndexOf(heads, "NAME"), Array.IndexOf(heads, "STATUS"));
        var guests = new List<Guest>();
        foreach (var fields in lines.Skip(1).Select(Fields))
        {
            // The name is the last column of the one list, where a column before it is often empty.
            if (fields.Length > 2 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                guests.Add(new(id, name == heads.Length - 1 ? fields[^1] : fields[name], fields.Length > state && fields[state] == "running"));
            }
        }

        return name < 0 || state < 0 ? [] : guests;
    }

    private static string[] Fields(string line) => line.ToUpperInvariant().StartsWith("VMID", StringComparison.Ordinal)
        ? line.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
