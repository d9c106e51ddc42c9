using System.Globalization;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>Programs about files and file systems: ls, cat, stat, test and their like.</summary>
internal static class FilePrograms
{
    private const long Block = 4096;

    public static void AddTo(ProgramTable table)
    {
        table.Add("cat", CatAsync);
        table.Add("ls", ListAsync);
        table.Add("stat", StatAsync);
        table.Add("test", TestAsync);
        table.Add("[", TestAsync);
    }

    private static async Task<int> CatAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var operands = call.Operands.ToArray();
        if (operands.Length == 0)
        {
            // As it comes: whoever types sees each line again.
            await call.Input.CopyToAsync(call.Output, cancellationToken);
            return 0;
        }

        return await EachAsync(call, async path => await call.WriteAsync(await call.Context.Files.ReadAsync(path, cancellationToken), cancellationToken), "can't open", cancellationToken);
    }

    private static async Task<int> ListAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var status = 0;
        var operands = call.Operands.DefaultIfEmpty(".").ToArray();
        foreach (var operand in operands)
        {
            try
            {
                var path = call.Path(operand);
                var entry = await call.Context.Files.StatAsync(path, cancellationToken);
                var entries = entry.IsDirectory && !call.Has('d') ? await call.Context.Files.ListAsync(path, cancellationToken) : [(operand, entry)];
                var text = new StringBuilder(operands.Length > 1 && entry.IsDirectory ? $"{operand}:\n" : "");
                if (call.Has('l') && entry.IsDirectory)
                {
                    text.Append(CultureInfo.InvariantCulture, $"total {entries.Sum(each => (each.Entry.Size + 1023) / 1024)}\n");
                }

                foreach (var (name, each) in entries.Where(each => call.Has('a') || call.Has('A') || each.Name[0] != '.'))
                {
                    text.Append(call.Has('l')
                        ? string.Create(CultureInfo.InvariantCulture, $"{(each.IsDirectory ? "drwxr-xr-x    2" : "-rw-r--r--    1")} root     root     {each.Size,9} Jan  1 00:00 {name}\n")
                        : name + "\n");
                }

                await call.WriteAsync(text.ToString(), cancellationToken);
            }
            catch (FileException error)
            {
                status = await call.FailAsync($"{operand}: {error.Message}", cancellationToken);
            }
        }

        return status;
    }

    // stat [-f] [-c FORMAT] PATH...
    private static async Task<int> StatAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var arguments = call.Arguments.ToList();
        var format = arguments.FindIndex(argument => argument is "-c" or "-fc" or "--format" or "--printf");
        var pattern = format >= 0 && format + 1 < arguments.Count ? arguments[format + 1] : null;
        var operands = arguments.Where((argument, index) => !argument.StartsWith('-') && (format < 0 || index != format + 1)).ToArray();
        var status = operands.Length == 0 ? await call.FailAsync("missing operand", cancellationToken) : 0;
        foreach (var operand in operands)
        {
            try
            {
                var path = call.Path(operand);
                var entry = await call.Context.Files.StatAsync(path, cancellationToken);
                var values = call.Has('f') ? FileSystem(call.Context.Files.MountOf(path), operand) : File(entry, operand);
                var shown = pattern is null ? values['\0'] : values.Aggregate(pattern, (text, value) => text.Replace("%" + value.Key, value.Value, StringComparison.Ordinal)) + "\n";
                await call.WriteAsync(shown, cancellationToken);
            }
            catch (FileException error)
            {
                status = await call.FailAsync(call.Has('f') ? $"cannot read file system information for '{operand}': {error.Message}" : $"cannot stat '{operand}': {error.Message}", cancellationToken);
            }
        }

        return status;
    }

    private static Dictionary<char, string> FileSystem(MountPoint mount, string operand)
    {
        var (type, magic) = mount.Type switch
        {
            "nfs" or "nfs4" => ("nfs", "6969"),
            "tmpfs" => ("tmpfs", "1021994"),
            "overlay" => ("overlayfs", "794c7630"),
            "proc" => ("proc", "9fa0"),
            _ => ("ext2/ext3", "ef53"),
        };
        var (blocks, free) = (mount.Tree.Capacity / Block, (mount.Tree.Capacity - mount.Tree.Used) / Block);
        return new()
        {
            ['\0'] = string.Create(CultureInfo.InvariantCulture, $"  File: \"{operand}\"\n    ID: 0 Namelen: 255     Type: {type}\nBlock size: {Block}\nBlocks: Total: {blocks} Free: {free} Available: {free}\nInodes: Total: 16777216 Free: 16000000\n"),
            ['n'] = operand,
            ['T'] = type,
            ['t'] = magic,
            ['i'] = "0",
            ['l'] = "255",
            ['s'] = Text(Block),
            ['S'] = Text(Block),
            ['b'] = Text(blocks),
            ['f'] = Text(free),
            ['a'] = Text(free),
            ['c'] = "16777216",
            ['d'] = "16000000",
        };
    }

    private static Dictionary<char, string> File(FileEntry entry, string operand) => new()
    {
        ['\0'] = string.Create(CultureInfo.InvariantCulture, $"  File: {operand}\n  Size: {entry.Size}\tBlocks: {(entry.Size + 511) / 512}\tIO Block: {Block}   {(entry.IsDirectory ? "directory" : "regular file")}\n"),
        ['n'] = operand,
        ['s'] = Text(entry.Size),
        ['Y'] = Text(entry.Modified.ToUnixTimeSeconds()),
        ['F'] = entry.IsDirectory ? "directory" : "regular file",
        ['a'] = entry.IsDirectory ? "755" : "644",
        ['u'] = "0",
        ['g'] = "0",
        ['U'] = "root",
        ['G'] = "root",
    };

    private static async Task<int> EachAsync(ProgramCall call, Func<string, Task> work, string failure, CancellationToken cancellationToken)
    {
        var status = 0;
        foreach (var operand in call.Operands)
        {
            try
            {
                await work(call.Path(operand));
            }
            catch (FileException error)
            {
                status = await call.FailAsync($"{failure} '{operand}': {error.Message}", cancellationToken);
            }
        }

        return status;
    }

    private static async Task<int> TestAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> arguments = call.Name == "[" ? [.. call.Arguments.SkipLast(1)] : call.Arguments;
        return await HoldsAsync(call, arguments, cancellationToken) ? 0 : 1;
    }

    private static async Task<bool> HoldsAsync(ProgramCall call, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        switch (arguments)
        {
            case []:
                return false;
            case ["!", ..]:
                return !await HoldsAsync(call, [.. arguments.Skip(1)], cancellationToken);
            case [var text]:
                return text.Length > 0;
            case [var sign, var operand]:
                return sign switch
                {
                    "-n" => operand.Length > 0,
                    "-z" => operand.Length == 0,
                    _ => await IsAsync(call, sign, operand, cancellationToken),
                };
            case [var left, var sign, var right]:
                return sign switch
                {
                    "=" or "==" => left == right,
                    "!=" => left != right,
                    _ => long.TryParse(left, CultureInfo.InvariantCulture, out var first) && long.TryParse(right, CultureInfo.InvariantCulture, out var second) && sign switch
                    {
                        "-eq" => first == second,
                        "-ne" => first != second,
                        "-lt" => first < second,
                        "-le" => first <= second,
                        "-gt" => first > second,
                        "-ge" => first >= second,
                        _ => false,
                    },
                };
            default:
                var middle = arguments.ToList().FindIndex(argument => argument is "-a" or "-o");
                if (middle <= 0)
                {
                    return false;
                }

                var before = await HoldsAsync(call, [.. arguments.Take(middle)], cancellationToken);
                return before == (arguments[middle] == "-o") ? before : await HoldsAsync(call, [.. arguments.Skip(middle + 1)], cancellationToken);
        }
    }

    private static async Task<bool> IsAsync(ProgramCall call, string sign, string operand, CancellationToken cancellationToken)
    {
        try
        {
            var path = call.Path(operand);
            var entry = await call.Context.Files.StatAsync(path, cancellationToken);
            return sign switch
            {
                "-d" => entry.IsDirectory,
                "-f" => !entry.IsDirectory,
                "-s" => entry.Size > 0,
                "-L" or "-h" => false, // The files of simulated nodes have no links.
                "-w" => !call.Context.Files.MountOf(path).IsReadOnly,
                _ => true,
            };
        }
        catch (FileException)
        {
            return false;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
