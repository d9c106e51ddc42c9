using System.Diagnostics;

namespace HomelabOps.Bench.Measuring;

/// <summary>
/// Measures several things in turn, round after round, so that whatever else the machine does meets all of them alike.
/// </summary>
internal sealed class Interleaved(int runs)
{
    private const int WarmUps = 2;
    private readonly List<(string Name, Func<double> Run, List<double> Values)> _subjects = [];

    /// <summary>Adds something that measures itself.</summary>
    public Interleaved Add(string name, Func<double> run)
    {
        _subjects.Add((name, run, []));
        return this;
    }

    /// <summary>Adds something whose time in milliseconds is taken.</summary>
    public Interleaved Time(string name, Action run) => Add(name, () => Milliseconds(run));

    /// <summary>The medians by name.</summary>
    public IReadOnlyDictionary<string, double> Medians()
    {
        for (var round = -WarmUps; round < runs; round++)
        {
            foreach (var (_, run, values) in _subjects)
            {
                var value = run();
                if (round >= 0)
                {
                    values.Add(value);
                }
            }
        }

        if (Environment.GetEnvironmentVariable("HOMELABOPS_BENCH_VERBOSE") is { Length: > 0 })
        {
            foreach (var (name, _, values) in _subjects)
            {
                Console.Error.WriteLine($"    {name}: {string.Join(' ', values.Select(value => value.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)))}");
            }
        }

        return _subjects.ToDictionary(subject => subject.Name, subject => Median(subject.Values), StringComparer.Ordinal);
    }

    public static double Milliseconds(Action run)
    {
        var clock = Stopwatch.StartNew();
        run();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
