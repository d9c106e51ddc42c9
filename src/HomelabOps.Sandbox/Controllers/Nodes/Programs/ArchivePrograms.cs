using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>tar, which writes archives to its output and unpacks those of its input.</summary>
internal static class ArchivePrograms
{
    // A file that has a size and no content is empty for who reads it. In an archive it keeps its size, as sparse files do.
    private const string SizeKey = "HOMELABOPS.size";

    public static void AddTo(ProgramTable table) => table.Add("tar", RunAsync);

    // tar -cf|-czf - -C FOLDER PLACE... and tar -xpf|-xpzf - --numeric-owner -C FOLDER [MEMBER]
    private static async Task<int> RunAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var isPacked = call.Arguments is [var flags, ..] && flags.Contains('z', StringComparison.Ordinal);
        return call.Arguments.ToArray() switch
        {
            ["-czf" or "-cf", "-", "-C", var folder, .. var places] when places.Length > 0 => await WriteAsync(call, folder, places, isPacked, cancellationToken),
            ["-xpzf" or "-xpf", "-", "--numeric-owner", "-C", var folder, .. var members] when members.Length < 2 => await ReadAsync(call, folder, members.Length > 0 ? members[0] : ".", isPacked, cancellationToken),
            _ => await call.FailAsync("only -c[z]f - -C FOLDER PLACE... and -xp[z]f - --numeric-owner -C FOLDER [MEMBER] are known here", cancellationToken, code: 2),
        };
    }

    private static async Task<int> WriteAsync(ProgramCall call, string folder, IReadOnlyList<string> places, bool isPacked, CancellationToken cancellationToken)
    {
        await using var packed = isPacked ? new GZipStream(call.Output, CompressionLevel.Fastest, leaveOpen: true) : null;
        await using var tar = new TarWriter(packed ?? call.Output, TarEntryFormat.Pax, leaveOpen: true);
        var root = call with { Folder = call.Path(folder) };
        var left = new Stack<string>(places.Reverse());
        while (left.TryPop(out var path))
        {
            call.Context.Time.Step();
            try
            {
                var entry = await call.Context.Files.StatAsync(root.Path(path), cancellationToken);
                await tar.WriteEntryAsync(Entry(path, entry), cancellationToken);
                foreach (var (name, _) in entry.IsDirectory ? (await call.Context.Files.ListAsync(root.Path(path), cancellationToken)).Reverse() : [])
                {
                    left.Push(path.TrimEnd('/') + "/" + name);
                }
            }
            catch (FileException error)
            {
                return await call.FailAsync($"{path}: {error.Message}", cancellationToken, code: 2);
            }
        }

        return 0;
    }

    private static async Task<int> ReadAsync(ProgramCall call, string folder, string member, bool isPacked, CancellationToken cancellationToken)
    {
        await using var unpacked = isPacked ? new GZipStream(call.Input, CompressionMode.Decompress, leaveOpen: true) : null;
        await using var tar = new TarReader(unpacked ?? call.Input, leaveOpen: true);
        var (root, wanted, isFound) = (call with { Folder = call.Path(folder) }, MountTable.Normalize(member), false);
        try
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                call.Context.Time.Step();
                var path = MountTable.Normalize(entry.Name);
                if (wanted == "/" || path == wanted || path.StartsWith(wanted + "/", StringComparison.Ordinal))
                {
                    isFound = true;
                    await call.Context.Files.PutAsync(root.Path("." + path), await EntryAsync(entry, cancellationToken), cancellationToken);
                }
            }
        }
        catch (FileException error)
        {
            return await call.FailAsync(error.Message, cancellationToken, code: 2);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            return await call.FailAsync("Unexpected EOF in archive", cancellationToken, code: 2);
        }

        return isFound ? 0 : await call.FailAsync($"{member}: Not found in archive", cancellationToken, code: 2);
    }

    private static PaxTarEntry Entry(string path, FileEntry entry)
    {
        if (entry.IsDirectory)
        {
            return new(TarEntryType.Directory, path.TrimEnd('/') + "/") { ModificationTime = entry.Modified };
        }

        Dictionary<string, string> attributes = entry.Content?.Length != entry.Size ? new() { [SizeKey] = entry.Size.ToString(CultureInfo.InvariantCulture) } : [];
        return new(TarEntryType.RegularFile, path, attributes) { ModificationTime = entry.Modified, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(entry.Content ?? "")) };
    }

    private static async Task<FileEntry> EntryAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.EntryType == TarEntryType.Directory)
        {
            return FileEntry.Folder with { Modified = entry.ModificationTime };
        }

        using var reader = new StreamReader(entry.DataStream ?? Stream.Null, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        var size = entry is PaxTarEntry pax ? pax.ExtendedAttributes.GetValueOrDefault(SizeKey) : null;
        return (size is null ? FileEntry.Text(text) : new(false, long.Parse(size, CultureInfo.InvariantCulture), text.Length == 0 ? null : text)) with { Modified = entry.ModificationTime };
    }
}
