using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>The ranges of versions that a GitRepository may ask for: comparisons, <c>~</c>, <c>^</c>, <c>x</c> and <c>*</c>, with blanks or commas for "and", <c>||</c> for "or".</summary>
internal static partial class VersionRange
{
    /// <summary>A version of three numbers, with or without v; null for anything else, pre-releases included.</summary>
    public static Version? Parse(string text) => Number().Match(text) is { Success: true } match
        ? new Version(Part(match, "major"), Part(match, "minor"), Part(match, "patch"))
        : null;

    public static bool Contains(string range, Version version) =>
        Array.Exists(range.Split("||"), alternative => Comparison().Matches(alternative) is { Count: > 0 } parts && parts.All(part => Holds(part, version)));

    private static bool Holds(Match part, Version version)
    {
        var (major, minor, patch) = (Field(part, "major"), Field(part, "minor"), Field(part, "patch"));
        if (major is null)
        {
            return true;
        }

        var low = new Version(major.Value, minor ?? 0, patch ?? 0);
        return part.Groups["operator"].Value switch
        {
            ">" => version > low,
            ">=" => version >= low,
            "<" => version < low,
            "<=" => version <= low,
            "!=" => version != low,
            "^" => version >= low && version < (major > 0 ? new Version(major.Value + 1, 0, 0) : minor > 0 ? new Version(0, minor.Value + 1, 0) : new Version(0, 0, (patch ?? 0) + 1)),
            "~" => version >= low && version < (minor is null ? new Version(major.Value + 1, 0, 0) : new Version(major.Value, minor.Value + 1, 0)),
            _ => minor is null ? version.Major == major : patch is null ? version.Major == major && version.Minor == minor : version == low,
        };
    }

    private static int? Field(Match match, string name) => int.TryParse(match.Groups[name].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int Part(Match match, string name) => Field(match, name) ?? 0;

    [GeneratedRegex(@"^v?(?<major>\d{1,9})\.(?<minor>\d{1,9})\.(?<patch>\d{1,9})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<operator>>=|<=|!=|=|>|<|\^|~)?\s*v?(?<major>\d{1,9}|[xX*])(\.(?<minor>\d{1,9}|[xX*]))?(\.(?<patch>\d{1,9}|[xX*]))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comparison();
}
