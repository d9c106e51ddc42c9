using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Ages as the real server's tables show them, against one moment.</summary>
internal sealed class TableClock(DateTimeOffset now)
{
    public const string Unknown = "<unknown>";

    public string Age(JsonObject item) => Since(item["metadata"]?["creationTimestamp"]);

    public string Since(JsonNode? time) => Timestamps.Parse((string?)time) is { } at ? Short(now - at) : Unknown;

    /// <summary>As k8s.io/apimachinery writes durations for people: two units at most, fewer the longer it is.</summary>
    public static string Short(TimeSpan time)
    {
        var seconds = (long)time.TotalSeconds;
        if (seconds < 0)
        {
            return seconds < -1 ? "<invalid>" : "0s";
        }

        var (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
        return string.Create(CultureInfo.InvariantCulture, $"{(seconds, minutes, hours) switch
        {
            ( < 120, _, _) => $"{seconds}s",
            (_, < 10, _) => seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s",
            (_, < 180, _) => $"{minutes}m",
            (_, _, < 8) => minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m",
            (_, _, < 48) => $"{hours}h",
            (_, _, < 192) => hours % 24 == 0 ? $"{days}d" : $"{days}d{hours % 24}h",
            (_, _, < 24 * 365 * 2) => $"{days}d",
            (_, _, < 24 * 365 * 8) => days % 365 == 0 ? $"{days / 365}y" : $"{days / 365}y{days % 365}d",
            _ => $"{days / 365}y",
        }}");
    }
}
