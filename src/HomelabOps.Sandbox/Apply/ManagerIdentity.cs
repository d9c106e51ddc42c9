using System.Text;

namespace HomelabOps.Sandbox.Apply;

/// <summary>Who owns fields, and how he came to them: one entry of managedFields has one of these.</summary>
internal sealed record ManagerIdentity(string Name, bool IsApply, string ApiVersion, string? Subresource = null)
{
    private const int LongestName = 128;

    /// <summary>The manager's name for a request that names none: what the user agent has before its version.</summary>
    public static string NameFrom(string? userAgent)
    {
        var name = new StringBuilder();
        foreach (var letter in (userAgent ?? "").Split('/')[0].Where(letter => !char.IsControl(letter)).Take(LongestName))
        {
            name.Append(letter);
        }

        return name.Length > 0 ? name.ToString() : "unknown";
    }

    /// <summary>As messages of conflicts name it.</summary>
    public override string ToString() => (IsApply, Subresource) switch
    {
        (true, null) => $"\"{Name}\"",
        (true, _) => $"\"{Name}\" with subresource \"{Subresource}\"",
        (_, null) => $"\"{Name}\" using {ApiVersion}",
        _ => $"\"{Name}\" with subresource \"{Subresource}\" using {ApiVersion}",
    };
}
