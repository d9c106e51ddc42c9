using System.Globalization;
using System.Text;

namespace HomelabOps.Core.Reporting.Prometheus;

/// <summary>Builds the text format of Prometheus, in which a family stands together and no series stands twice.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);

    /// <summary>Begins a family and adds its samples; one without samples is left out.</summary>
    /// <param name="name">Its name, with its unit at the end.</param>
    /// <param name="help">What it tells, in one line.</param>
    /// <param name="samples">Labels by turns of name and value, and a value; null for none.</param>
    public MetricsText Gauge(string name, string help, IEnumerable<(string[] Labels, double? Value)> samples)
    {
        var isBegun = false;
        foreach (var (labels, value) in samples)
        {
            if (value is not { } known)
            {
                continue;
            }

            var series = Series(name, labels);
            if (!_series.Add(series))
            {
                continue;
            }

            if (!isBegun)
            {
                _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}\n# TYPE {name} gauge\n");
                isBegun = true;
            }

            _text.Append(series).Append(' ').Append(Number(known)).Append('\n');
        }

        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Series(string name, string[] labels)
    {
        var series = new StringBuilder(name);
        for (var i = 0; i + 1 < labels.Length; i += 2)
        {
            series.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"").Append(Escaped(labels[i + 1])).Append('"');
        }

        return (labels.Length > 1 ? series.Append('}') : series).ToString();
    }

    private static string Escaped(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string Number(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
