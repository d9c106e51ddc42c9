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

    // What makes no difference here, where nobody owns anything.
    private static readonly HashSet<string> Ignored = new(["--numeric-owner", "--no-same-owner", "--no-same-permissions"], StringComparer.Ordinal);

    public static void AddTo(ProgramTable table) => table.Add("tar", RunAsync);

    // The letters may stand without a dash, as kubectl cp has them.
    private static async Task<int> RunAsync(ProgramCall call, CancellationToken cancellationToken)
    {
        var arguments = call.Arguments.Where(argument => !Ignored.Contains(argument)).ToList();
        var letters = arguments.Count > 0 ? arguments[0].TrimStart('-') : "";
        var folder = ".";
        if (arguments.IndexOf("-C") is > 0 and var at && at + 1 < arguments.Count)
        {
            folder = arguments[at + 1];
            arguments.RemoveRange(at, 2);
        }

        var isPacked = letters.Contains('z', StringComparison.Ordinal);
        return (letters.Replace("z", "", StringComparison.Ordinal), arguments.Skip(1).ToArray()) switch
        {
            ("cf", ["-", .. { Length: > 0 } places]) => await WriteAsync(call, folder, places, isPacked, cancellationToken),
            ("xf" or "xpf" or "xmf", ["-", .. { Length: < 2 } members]) => await ReadAsync(call, folder, members.Length > 0 ? members[0] : ".", (isPacked, letters.Contains('m', StringComparison.Ordinal)), cancellationToken),
            _ => await call.FailAsync("only c[z]f - [-C FOLDER] PLACE... and x[p|m][z]f - [-C FOLDER] [MEMBER] are known here", cancellationToken, code: 2),
        };
    }

    private static async Task<int> WriteAsync(ProgramCall call, string folder, IReadOnlyList<string> places, bool isPacked, CancellationToken cancellationToken)
    {
        await using var packed = isPacked ? new GZipStream(call.Output, CompressionLevel.Fastest, leaveOpen: true) : null;
        await using var tar = new TarWriter(packed ?? call.Output, TarEntryFormat.Pax, leaveOpen: true);
        var root = call with { Folder = call.Path(folder) };
        var left = new Stack<string>(places.Reverse());
        if (places.Any(place => place.StartsWith('/')))
        {
            await call.Error.WriteAsync("tar: Removing leading `/' from member names\n"u8.ToArray(), cancellationToken);
        }

        while (left.TryPop(out var path))
        {
            call.Context.Time.Step();
            try
            {
                var entry = await call.Context.Files.StatAsync(root.Path(path), cancellationToken);
                await tar.WriteEntryAsync(Entry(path.Length > 1 ? path.TrimStart('/') : path, entry), cancellationToken);
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

    private static async Task<int> ReadAsync(ProgramCall call, string folder, string member, (bool IsPacked, bool IsNew) how, CancellationToken cancellationToken)
    {
        await using var unpacked = how.IsPacked ? new GZipStream(call.Input, CompressionMode.Decompress, leaveOpen: true) : null;
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
                    var file = await EntryAsync(entry, cancellationToken);
                    await call.Context.Files.PutAsync(root.Path("." + path), how.IsNew ? file with { Modified = call.Context.Time.Now } : file, cancellationToken);
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
