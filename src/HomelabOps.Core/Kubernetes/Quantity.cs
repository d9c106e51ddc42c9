using System.Globalization;
using System.Text.RegularExpressions;

namespace HomelabOps.Core.Kubernetes;

/// <summary>Kubernetes quantities such as <c>250m</c>, <c>1.5Gi</c>, <c>12e6</c> and <c>130n</c>.</summary>
internal static partial class Quantity
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The value in units (cores, bytes); null for what is no quantity.</summary>
    public static double? Parse(string? text)
    {
        var span = (text ?? "").AsSpan().Trim();
        var (factor, divisor) = Unit(ref span);
        return factor > 0 && double.TryParse(span, Number, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number * factor / divisor
            : null;
    }

    /// <summary>The value in units; null for what an API server does not take for a quantity.</summary>
    public static double? ParseStrict(string? text) => text is not null && Form().IsMatch(text.Trim()) ? Parse(text) ?? 0 : null;

    /// <summary>The value in whole units, rounded up as Kubernetes does; 0 for what is no quantity.</summary>
    public static long Whole(string? text) => (long)Math.Ceiling(Parse(text) ?? 0);

    // Small units divide: a thousandth has no exact value, so that 3000m could become more than 3 and be rounded up to 4.
    private static (double Factor, double Divisor) Unit(ref ReadOnlySpan<char> span)
    {
        if (span is [.., var letter, 'i'])
        {
            var power = "KMGTPE".IndexOf(letter, StringComparison.Ordinal) + 1;
            span = span[..^2];
            return (power > 0 ? Math.Pow(1024, power) : 0, 1);
        }

        var (factor, divisor) = span is [.., var last] ? last switch
        {
            'n' => (1, 1e9),
            'u' => (1, 1e6),
            'm' => (1, 1e3),
            'k' => (1e3, 1),
            'M' => (1e6, 1),
            'G' => (1e9, 1),
            'T' => (1e12, 1),
            'P' => (1e15, 1),
            'E' => (1e18, 1),
            _ => (1.0, 1.0),
        } : (1, 1);
        span = factor == 1 && divisor == 1 ? span : span[..^1];
        return (factor, divisor);
    }

    // Odd but taken: a number without digits, which is zero. More digits in an exponent than any value needs are not.
    [GeneratedRegex(@"^([+-]?[0-9]*\.?[0-9]*)(?<!^)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,9})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
