using System.Buffers.Binary;
using System.Formats.Tar;
using System.Security.Cryptography;

namespace HomelabOps.Core.Backups;

/// <summary>Reads archives from beginning to end, an entry at a time.</summary>
internal static class ArchiveReader
{
    // The length that a compressed stream ends with.
    private const int EndSize = 4;

    // No application has so many. An archive that was made within a folder has each of its files by itself.
    private const int MostFolders = 1000;

    /// <summary>Reads all of an archive, checksums every file and the archive itself.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The archive is damaged or cut off, or has paths that lead out of it. So is an <see cref="EndOfStreamException"/>.</exception>
    public static async Task<ArchiveContent> InspectAsync(string path, CancellationToken cancellationToken)
    {
        var (digest, folders, isArriving) = (new FileDigest(), new List<ArchiveFolder>(), false);
        var links = new List<(string Path, string Target)>();
        var hash = await ReadAsync(path, async entry =>
        {
            var (name, isFile) = (Name(entry.Name), IsFile(entry));
            var folder = folders.Find(folder => folder.Holds(name));
            if (folder is null)
            {
                folders.Add(folder = folders.Count < MostFolders ? new(entry.Name.TrimEnd('/'), name) : throw new InvalidDataException(Errors.Text("Detail_BackupLoose", MostFolders)));
            }

            folder.Add(isFile || entry.EntryType == TarEntryType.HardLink, isFile ? entry.Length : 0);
            if (entry.EntryType == TarEntryType.HardLink)
            {
                links.Add((name, Name(entry.LinkName)));
            }
            else if (isFile)
            {
                isArriving |= FileDigest.IsArriving(name);
                Add(name, await HashAsync(entry, cancellationToken));
            }
        }, cancellationToken);
        await AddLinksAsync(path, links, Add, cancellationToken);
        return new(digest, folders, hash, isArriving);

        void Add(string name, string sum)
        {
            digest.Add(name, sum);
            folders.Find(folder => folder.Holds(name))!.Digest.Add(name, sum);
        }
    }

    /// <summary>Reads the entries one after the other, and all that follows them.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="take">Is given each entry.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>SHA-256 of the archive, in hexadecimal digits.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or cut off. So is an <see cref="EndOfStreamException"/>.</exception>
    public static async Task<string> ReadAsync(string path, Func<TarEntry, Task> take, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        using var sum = SHA256.Create();
        await using var hashed = new CryptoStream(file, sum, CryptoStreamMode.Read);
        await using var unpacked = new UnpackedStream(hashed);
        await using var tar = new TarReader(unpacked);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            await take(entry);
        }

        // Behind the last entry the checksum of the compression is still to come, and whatever follows it.
        await unpacked.CopyToAsync(Stream.Null, cancellationToken);
        await hashed.CopyToAsync(Stream.Null, cancellationToken);
        await CheckEndAsync(file, unpacked.Count, cancellationToken);
        return Convert.ToHexStringLower(sum.Hash!);
    }

    /// <summary>The path of an entry without the dot in front.</summary>
    /// <exception cref="InvalidDataException">It leads out of the archive.</exception>
    public static string Name(string name)
    {
        var plain = (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).TrimEnd('/');
        return plain.StartsWith('/') || plain.Split('/').Contains("..") ? throw new InvalidDataException(Errors.Text("Detail_BackupPath", name)) : plain;
    }

    // Where a stream is cut within its last bytes, .NET takes what it has for all of it.
    private static async Task CheckEndAsync(FileStream file, long unpacked, CancellationToken cancellationToken)
    {
        var end = new byte[EndSize];
        file.Seek(-Math.Min(EndSize, file.Length), SeekOrigin.End);
        await file.ReadExactlyAsync(end, cancellationToken);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != unchecked((uint)unpacked))
        {
            throw new InvalidDataException(Errors.Text("Detail_BackupCut"));
        }
    }

    private static async Task AddLinksAsync(string path, List<(string Path, string Target)> links, Action<string, string> add, CancellationToken cancellationToken)
    {
        if (links.Count == 0)
        {
            return;
        }

        // A further name of a file has no content of its own. There are few, so these are looked up in a second reading.
        var targets = links.Select(link => link.Target).ToHashSet(StringComparer.Ordinal);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        await ReadAsync(path, async entry =>
        {
            if (IsFile(entry) && targets.Contains(Name(entry.Name)))
            {
                hashes[Name(entry.Name)] = await HashAsync(entry, cancellationToken);
            }
        }, cancellationToken);
        foreach (var (name, target) in links)
        {
            add(name, hashes.TryGetValue(target, out var hash) ? hash : throw new InvalidDataException(Errors.Text("Detail_BackupLink", name, target)));
        }
    }

    private static bool IsFile(TarEntry entry) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    private static async Task<string> HashAsync(TarEntry entry, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(entry.DataStream ?? Stream.Null, cancellationToken));
}
