using System.Globalization;

namespace HomelabOps.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Group">What --only takes.</param>
/// <param name="What">What was measured.</param>
/// <param name="Ours">The module's figure.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="Result">The ratio or difference.</param>
/// <param name="Limit">The limit; empty for none.</param>
/// <param name="Holds">Whether the limit holds; null without one.</param>
internal sealed record Row(string Group, string What, string Ours, string Reference, string Result, string Limit, bool? Holds)
{
    private const double MiB = 1024 * 1024;

    public static Row Ratio(string group, string what, double ours, string referenceName, double reference, double? limit) => new(
        group, what, Ms(ours), $"{referenceName} {Ms(reference)}", Text($"{ours / reference:0.00}x"), limit is null ? "" : Text($"{limit:0.0#}x"), limit is null ? null : ours / reference <= limit);

    public static Row Above(string group, string what, double ours, string referenceName, double reference, double limit) => new(
        group, what, Ms(ours), $"{referenceName} {Ms(reference)}", $"{(ours < reference ? "" : "+")}{Ms(ours - reference)}", $"+{Ms(limit)}", ours - reference <= limit);

    public static Row Duration(string group, string what, double ours, double? limit) => new(group, what, Ms(ours), "", Ms(ours), limit is null ? "" : Ms(limit.Value), limit is null ? null : ours <= limit);

    public static Row Bytes(string group, string what, double bytes, string reference = "", double? limit = null) => new(
        group, what, Size(bytes), reference, "", limit is null ? "" : Size(limit.Value), limit is null ? null : bytes <= limit);

    public static string Size(double bytes) => bytes == 0 ? "unknown" : Text($"{bytes / MiB:0.0} MB");

    private static string Ms(double milliseconds) => double.IsInfinity(milliseconds) ? "never" : Text($"{milliseconds:0} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
