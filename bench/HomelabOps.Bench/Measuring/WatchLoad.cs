using System.Diagnostics;
using System.Globalization;
using System.Text;
using HomelabOps.Bench.Cluster;

namespace HomelabOps.Bench.Measuring;

/// <summary>Many watches of one object that changes often: whether each sees every change once and in order, and how late.</summary>
internal sealed class WatchLoad(ServerAccess access, string collection)
{
    public const int Watches = 1000;
    public const int Rate = 200;
    private const int Seconds = 10;
    private const int Writes = Rate * Seconds;
    private const string Name = "counter";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What came of it.</summary>
    /// <param name="Rate">Changes a second that were made.</param>
    /// <param name="Events">Events that ought to have come.</param>
    /// <param name="Lost">Of those, how many did not.</param>
    /// <param name="Disordered">Events that came after a later one, or once more.</param>
    /// <param name="Lateness">Milliseconds from the start of a write to its event at a watcher, in ascending order.</param>
    internal sealed record Result(double Rate, int Events, int Lost, int Disordered, double[] Lateness)
    {
        /// <summary>So many of a thousand events were not later.</summary>
        public double Late(int thousandths) => Lateness.Length == 0 ? double.PositiveInfinity : Lateness[Math.Min(Lateness.Length - 1, (int)((long)Lateness.Length * thousandths / 1000))];
    }

    public async Task<Result> RunAsync()
    {
        using var http = access.CreateClient(Watches + 16);
        using (var created = await http.PostAsync(collection, Content($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{Name}}"} }""", "application/json")))
        {
            created.EnsureSuccessStatusCode();
        }

        using var stop = new CancellationTokenSource();
        try
        {
            var watches = await Task.WhenAll(Enumerable.Range(0, Watches).Select(_ => http.GetAsync($"{collection}?watch=true&fieldSelector=metadata.name%3D{Name}", HttpCompletionOption.ResponseHeadersRead)));
            var readers = watches.Select(watch => Task.Run(() => ReadAsync(watch, stop.Token))).ToArray();
            var rate = await WriteAsync(http);
            stop.CancelAfter(Patience);
            var seen = await Task.WhenAll(readers);
            double[] lateness = [.. seen.SelectMany(reader => reader.Lateness)];
            Array.Sort(lateness);
            return new(rate, Watches * Writes, (Watches * Writes) - seen.Sum(reader => reader.Distinct), seen.Sum(reader => reader.Disordered), lateness);
        }
        finally
        {
            using var deleted = await http.DeleteAsync($"{collection}/{Name}");
        }
    }

    // One write after the other, each not before it is due; what was missed is made up for.
    private async Task<double> WriteAsync(HttpClient http)
    {
        var clock = Stopwatch.StartNew();
        for (var number = 1; number <= Writes; number++)
        {
            while (clock.Elapsed.TotalSeconds * Rate < number)
            {
                await Task.Delay(1);
            }

            var text = string.Create(CultureInfo.InvariantCulture, $$"""{"data":{"n":"{{number}}","t":"{{Stopwatch.GetTimestamp()}}"} }""");
            using var patched = await http.PatchAsync($"{collection}/{Name}", Content(text, "application/merge-patch+json"));
            patched.EnsureSuccessStatusCode();
        }

        return Writes / clock.Elapsed.TotalSeconds;
    }

    private static async Task<(int Distinct, int Disordered, List<double> Lateness)> ReadAsync(HttpResponseMessage watch, CancellationToken cancellationToken)
    {
        var (distinct, disordered, last, lateness) = (0, 0, 0L, new List<double>(Writes));
        using var response = watch;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 4096);
        try
        {
            while (last < Writes && await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (Number(line, "\"n\":\"") is not { } number)
                {
                    continue;
                }

                // Only what is new is counted: an event that was taken twice makes up for none that was lost.
                lateness.Add(Stopwatch.GetElapsedTime(Number(line, "\"t\":\"")!.Value).TotalMilliseconds);
                distinct += number > last ? 1 : 0;
                disordered += number > last ? 0 : 1;
                last = Math.Max(last, number);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // What has not come by now is lost.
        }

        return (distinct, disordered, lateness);
    }

    private static long? Number(string line, string before)
    {
        var start = line.IndexOf(before, StringComparison.Ordinal);
        return start < 0 ? null : long.Parse(line.AsSpan(start + before.Length, line.IndexOf('"', start + before.Length) - start - before.Length), CultureInfo.InvariantCulture);
    }

    private static StringContent Content(string json, string type) => new(json, Encoding.UTF8, type);
}
