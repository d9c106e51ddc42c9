using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Tests.Records;

public sealed class QuantityTests
{
    private static readonly string[] Small = ["m", "u", "n"];
    private static readonly string[] Decimal = ["", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    [Theory]
    [InlineData("250m", 0.25)]
    [InlineData("1.5Gi", 1.5 * 1024 * 1024 * 1024)]
    [InlineData("12e6", 12e6)]
    [InlineData("12E6", 12e6)]
    [InlineData("1E", 1e18)]
    [InlineData("130n", 130e-9)]
    [InlineData("0", 0.0)]
    [InlineData("-1", -1.0)]
    [InlineData("+2k", 2000.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e-3", 0.001)]
    public void A_quantity_is_read(string text, double value) => Assert.Equal(value, Quantity.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("Ki")]
    [InlineData("i")]
    [InlineData("m")]
    [InlineData("1ki")]
    [InlineData("1mi")]
    [InlineData("1xi")]
    [InlineData("1KiB")]
    [InlineData("1 000")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1K")]
    public void What_is_no_quantity_is_null(string? text)
    {
        Assert.Null(Quantity.Parse(text));
        Assert.Equal(0, Quantity.Whole(text));
    }

    [Theory]
    [InlineData("1m", 1)]
    [InlineData("1001m", 2)]
    [InlineData("1.1", 2)]
    [InlineData("8Ei", long.MaxValue)]
    public void Whole_units_are_rounded_up(string text, long value) => Assert.Equal(value, Quantity.Whole(text));

    [Fact]
    public void Whole_numbers_are_exact_in_every_unit_that_can_hold_them() => Prop.ForAll<int>(number =>
    {
        var factor = 1L;
        foreach (var unit in Small)
        {
            factor *= 1000;
            var text = ((decimal)number * factor).ToString(CultureInfo.InvariantCulture) + unit;
            Assert.True(number >= 0 ? Quantity.Whole(text) == number : Quantity.Parse(text) == number, text);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Units_multiply() => Prop.ForAll<short>(number =>
    {
        for (var power = 0; power < Decimal.Length; power++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(number * Math.Pow(1000, power), Quantity.Parse(text + Decimal[power]));
            Assert.Equal(number * Math.Pow(1024, power), Quantity.Parse(text + Binary[power]));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_throw() => Prop.ForAll<string?>(text => !double.IsNaN(Quantity.Parse(text) ?? 0) && Quantity.Whole(text) is var _).QuickCheckThrowOnFailure();
}
