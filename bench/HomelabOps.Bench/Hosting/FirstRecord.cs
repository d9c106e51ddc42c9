using System.Diagnostics;

namespace HomelabOps.Bench.Hosting;

/// <summary>A clock that a script can stop: <c>[HomelabOps.Bench.Hosting.FirstRecord]::Mark()</c>.</summary>
public static class FirstRecord
{
    /// <summary>When the first record was there.</summary>
    public static long Time { get; private set; }

    /// <summary>Called for the first record.</summary>
    public static void Mark() => Time = Stopwatch.GetTimestamp();
}
