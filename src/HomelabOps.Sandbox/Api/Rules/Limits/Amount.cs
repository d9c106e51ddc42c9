using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>A quantity that can be added up exactly and is written as Kubernetes writes it.</summary>
/// <param name="Value">In units: cores, bytes, pieces.</param>
/// <param name="IsBinary">Whether it is written with powers of 1024.</param>
internal readonly record struct Amount(decimal Value, bool IsBinary = false)
{
    private const string Binary = "KMGTPE";
    private const decimal Thousand = 1000;
    private const decimal Kibi = 1024;
    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

    public static Amount Read(JsonNode? node)
    {
        var text = node?.ToString().Trim() ?? "";
        if (text is [.., var letter, 'i'] && Binary.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var power)
        {
            return new(Capped(Number(text[..^2]), Power(Kibi, power + 1)), IsBinary: true);
        }

        var unit = text.Length > 0 ? Array.IndexOf(Decimal, text[^1..]) : -1;
        return new(unit < 0 ? Capped(Number(text), 1) : Capped(Number(text[..^1]), unit < 3 ? 1 / Power(Thousand, 3 - unit) : Power(Thousand, unit - 3)));
    }

    public static Amount operator +(Amount left, Amount right) => new(left.Value + right.Value, left.Value == 0 ? right.IsBinary : left.IsBinary);

    public static Amount operator -(Amount left, Amount right) => left with { Value = left.Value - right.Value };

    public static Amount Max(Amount left, Amount right) => left.Value >= right.Value ? left : right;

    public override string ToString()
    {
        var (value, unit) = (Value, 3);
        if (IsBinary && value >= Kibi && value == decimal.Truncate(value))
        {
            var power = 0;
            for (; power < Binary.Length && value % Kibi == 0; power++)
            {
                value /= Kibi;
            }

            return string.Create(CultureInfo.InvariantCulture, $"{value:0}{(power == 0 ? "" : $"{Binary[power - 1]}i")}");
        }

        for (; value != decimal.Truncate(value) && unit > 0; unit--)
        {
            value *= Thousand;
        }

        for (; value != 0 && value % Thousand == 0 && unit < Decimal.Length - 1; unit++)
        {
            value /= Thousand;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{decimal.Ceiling(value):0}{Decimal[unit]}");
    }

    // No quantity of Kubernetes is larger.
    private static decimal Capped(decimal number, decimal unit) => number > long.MaxValue / unit ? long.MaxValue : number < -(long.MaxValue / unit) ? -long.MaxValue : number * unit;

    private static decimal Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static decimal Power(decimal factor, int times) => Enumerable.Repeat(factor, times).Aggregate(1m, static (product, each) => product * each);
}
