using System.Globalization;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs about file systems, as busybox has them: df and mount.</summary>
internal static class FileSystemPrograms
{
    private const int NameWidth = 20;
    private const decimal Kibi = 1024;
    private const string Units = "KMGTPE";

    public static void AddTo(ProgramTable table)
    {
        table.Add("df", FreeAsync);
        table.Add("mount", MountsAsync);
    }

    private static async Task<int> FreeAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var isPosix = call.Has('P');
        var unit = call.Has('m') ? 1L << 20 : 1024;
        var title = call.Has('h') ? "     Size" : call.Has('m') ? "1M-blocks" : isPosix ? "1024-blocks" : "1K-blocks";
        var text = new StringBuilder($"Filesystem           {title,-15}Used Available {(isPosix ? "Capacity" : "Use%")} Mounted on\n");
        var status = 0;
        foreach (var place in call.Operands.Any() ? call.Operands : call.Context.Files.Mounts.Where(mount => mount.Tree.Capacity > 0).Select(mount => mount.Path))
        {
            try
            {
                var path = call.Path(place);
                await call.Context.Files.StatAsync(path, cancellationToken);
                var mount = call.Context.Files.MountOf(path);
                var (size, used) = (mount.Tree.Capacity, mount.Tree.Used);
                var share = size == 0 ? 0 : ((used * 100m) + (size / 2)) / size;

                // A name that leaves no room has a line of its own, unless every line is to be whole.
                var name = mount.Source.Length > NameWidth && !isPosix ? $"{mount.Source}\n{"",-NameWidth}" : $"{mount.Source,-NameWidth}";
                text.Append(CultureInfo.InvariantCulture, $"{name} {Amount(size),9} {Amount(used),9} {Amount(size - used),9} {(long)share,3}% {mount.Path}\n");
            }
            catch (FileException error)
            {
                status = await call.FailAsync($"{place}: can't find mount point: {error.Message}", cancellationToken);
            }
        }

        await call.WriteAsync(text.ToString(), cancellationToken);
        return status;

        string Amount(long bytes) => call.Has('h') ? Readable(bytes) : (bytes / unit).ToString(CultureInfo.InvariantCulture);
    }

    // With one digit behind the point: 97.9G.
    private static string Readable(long bytes)
    {
        var (value, unit) = ((decimal)bytes, -1);
        for (; value >= Kibi && unit < Units.Length - 1; unit++)
        {
            value /= Kibi;
        }

        return unit < 0 ? value.ToString("0", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{Units[unit]}");
    }

    private static async Task<int> MountsAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        if (call.Operands.Any())
        {
            return await call.FailAsync("permission denied (are you root?)", cancellationToken);
        }

        await call.WriteAsync(string.Concat(call.Context.Files.Mounts.Select(mount => $"{mount.Source} on {mount.Path} type {mount.Type} ({(mount.IsReadOnly ? "ro" : "rw")},{mount.Options})\n")), cancellationToken);
        return 0;
    }
}
