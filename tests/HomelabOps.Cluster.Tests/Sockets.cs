namespace HomelabOps.Cluster.Tests;

/// <summary>The sockets of this process, as the kernel of Linux tells them; elsewhere that is not asked.</summary>
internal static class Sockets
{
    private const string Listens = "0A";

    /// <summary>Addresses that it listens on.</summary>
    public static IReadOnlyList<string> Listening()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var own = Directory.EnumerateFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }.SelectMany(File.ReadLines).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[3] == Listens && own.Contains($"socket:[{fields[9]}]")).Select(fields => fields[1]).Order(StringComparer.Ordinal)];
    }
}
