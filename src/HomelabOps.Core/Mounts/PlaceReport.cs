using System.Globalization;

namespace HomelabOps.Core.Mounts;

/// <summary>How one place of a node answered.</summary>
internal sealed record PlaceReport
{
    private const int Killed = 137;

    /// <summary>When it was asked; null when it was not.</summary>
    public DateTimeOffset? Asked { get; init; }

    /// <summary>How long the answer took; null when there was none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Exit code of the question; null when it never came back.</summary>
    public int? Code { get; init; }

    /// <summary>The words of a failure.</summary>
    public string Said { get; init; } = "";

    /// <summary>Files and folders in it; null when they could not be listed.</summary>
    public int? Entries { get; init; }

    /// <summary>It did not answer in time, whether the question could be killed or not.</summary>
    public bool IsHung => Code is null or Killed;

    /// <summary>The server does not know the handle any more.</summary>
    public bool IsStale => Code > 0 && (Said.Contains("Stale", StringComparison.OrdinalIgnoreCase) || Said.Contains("ESTALE", StringComparison.Ordinal));

    /// <summary>The node has no such folder.</summary>
    public bool IsAbsent => Code > 0 && Said.Contains("No such file", StringComparison.OrdinalIgnoreCase);

    /// <summary>With one more line of the report: its number, what was done, the exit code, what was said.</summary>
    public PlaceReport With(DateTimeOffset? time, string[] words) => words switch
    {
        [_, "stat"] => this with { Asked = time },
        [_, "stat", var code, .. var rest] => this with
        {
            Code = Number(code),
            Said = string.Join(' ', rest),
            Latency = code == "0" && time >= Asked ? time - Asked : null,
        },
        [_, "list", "0", var count] => this with { Entries = Number(count) },
        _ => this,
    };

    private static int? Number(string text) => int.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;
}
