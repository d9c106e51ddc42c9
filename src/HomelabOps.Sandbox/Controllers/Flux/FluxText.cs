using System.Globalization;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>How Flux' controllers write things in their messages.</summary>
internal static class FluxText
{
    /// <summary>A time as Go writes it: <c>1m30.021s</c>, <c>450ms</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
        {
            return time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + "ms";
        }

        var seconds = (time.TotalSeconds % 60).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        return time.TotalHours >= 1 ? $"{(int)time.TotalHours}h{time.Minutes}m{seconds}" : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes}m{seconds}" : seconds;
    }
}
