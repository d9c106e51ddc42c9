using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace HomelabOps.Binding;

/// <summary>
/// Reads durations as people of Kubernetes type them: <c>90s</c>, <c>30m</c>, <c>1h</c>, <c>2d</c>, <c>1h30m</c>, or a TimeSpan.
/// A bare number is refused: PowerShell would read it as days in text and as ticks in code, and nobody means either.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed partial class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // To PowerShell 90s and 2d are numbers (a short and a decimal). What was typed is kept by the object around them.
        var typed = Convert.ToString(inputData, CultureInfo.InvariantCulture) ?? "";
        return (Piped.Unwrap(inputData) is TimeSpan span ? span : Parse(typed.Trim())) is { } duration && duration >= TimeSpan.Zero
            ? duration
            : throw new ArgumentTransformationMetadataException(Messages.DurationInvalid(typed));
    }

    internal static TimeSpan? Parse(string text)
    {
        if (Units().Match(text) is { Success: true, Length: > 0 } match)
        {
            try
            {
                return TimeSpan.FromDays(Value(match, "d")) + TimeSpan.FromHours(Value(match, "h"))
                    + TimeSpan.FromMinutes(Value(match, "m")) + TimeSpan.FromSeconds(Value(match, "s"));
            }
            catch (OverflowException)
            {
                return null;
            }
        }

        // A TimeSpan as text has colons; without them TryParse would take a bare number for days.
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }

    private static double Value(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(?<d>\d+(?:\.\d+)?)d)?(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Units();
}
