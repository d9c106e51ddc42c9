using System.Globalization;

namespace HomelabOps.Bench.Measuring;

/// <summary>Memory of processes and of this one's managed heap.</summary>
internal static class Memory
{
    /// <summary>Largest working set of a process so far; 0 where the system does not tell.</summary>
    public static long Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>How far the managed heap rises above what it holds now, while something runs.</summary>
    public static long GrowthDuring(Action run)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = before;
        using var done = new ManualResetEventSlim();
        var sampler = new Thread(() =>
        {
            do
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            }
            while (!done.Wait(1));
        }) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
        sampler.Start();
        run();
        done.Set();
        sampler.Join();
        return peak - before;
    }
}
