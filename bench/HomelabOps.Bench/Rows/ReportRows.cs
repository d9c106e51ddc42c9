using System.Globalization;
using System.Text.Json;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>Export-HomelabReport of an embedded homelab with many applications: in all, and what it takes once everything is read.</summary>
internal static class ReportRows
{
    public const string Group = "report";

    private const int Apps = 300;
    private const double Limit = 1000;

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var module = HostedModule.WithSandbox(context.ModuleManifest, $"@{{ Apps = {Apps} }}");
        var (page, json) = (Path.Combine(context.CacheFolder, "bench.html"), Path.Combine(context.CacheFolder, "bench.json"));
        try
        {
            var reading = new List<double>();
            var times = new Interleaved(context.Options.Runs)
                .Add("writing", () =>
                {
                    var all = Interleaved.Milliseconds(() => module.Run($"Export-HomelabReport -Path {HostedModule.Quote(page)} -Format Html, Json -WarningAction SilentlyContinue"));
                    using var report = JsonDocument.Parse(File.ReadAllText(json));
                    reading.Add(report.RootElement.GetProperty("readSeconds").GetDouble() * 1000);
                    return all - reading[^1];
                })
                .Medians();
            return
            [
                Row.Duration(Group, string.Create(CultureInfo.InvariantCulture, $"Export-HomelabReport of {Apps} applications as page and JSON: reading the homelab"), reading.Order().ElementAt(reading.Count / 2), null),
                Row.Duration(Group, "the same: writing both once it is read", times["writing"], Limit),
                Row.Bytes(Group, "the page", new FileInfo(page).Length, "", 1_000_000),
            ];
        }
        finally
        {
            module.Run("Disconnect-Homelab | Out-Null");
        }
    }
}
