using System.Text.Json;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Operations.Record;

/// <summary>The operations of the user, a file each, which is replaced whole and forced to the disk before and after each step.</summary>
/// <param name="folder">Where the files are.</param>
internal sealed class OperationStore(string folder)
{
    private const string Ending = ".json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The operations in the user's state folder.</summary>
    public static OperationStore ForUser() => new(Path.Combine(ChangeJournal.StateFolder(Environment.GetEnvironmentVariable), "operations"));

    /// <summary>Writes an operation down.</summary>
    /// <exception cref="HomelabException">JournalUnwritable.</exception>
    public void Save(OperationRecord record)
    {
        var path = PathOf(record.Id, Ending);
        try
        {
            Make();
            var draft = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(file, record, OperationJson.Default.OperationRecord);
                file.Flush(flushToDisk: true);
            }

            // Whoever reads sees the old one or the new one, and never a part.
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.JournalUnwritable(path, error);
        }
    }

    /// <summary>All operations, the newest first.</summary>
    /// <param name="skip">Takes why one cannot be read; without it that ends the reading.</param>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public IReadOnlyList<OperationRecord> Read(Action<HomelabException>? skip = null)
    {
        var found = new List<OperationRecord>();
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Ending) : [])
        {
            try
            {
                found.Add(Read(file));
            }
            catch (HomelabException error) when (skip is not null)
            {
                skip(error);
            }
        }

        return [.. found.OrderByDescending(record => record.Started).ThenByDescending(record => record.Id, StringComparer.Ordinal)];
    }

    /// <summary>All operations but those that cannot be read and have certainly ended in one of some ways: what is left of such a file says nothing that is still asked for.</summary>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable: one cannot be read and may be another.</exception>
    public IReadOnlyList<OperationRecord> ReadBut(params IReadOnlyList<OperationStatus> ended) => Read(error =>
    {
        if (error.Target is not string path || !ended.Contains(EndOf(path) ?? OperationStatus.Running))
        {
            throw error;
        }
    });

    /// <summary>An operation as it is on the disk now; null where there is none of this id.</summary>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public OperationRecord? Find(string id) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*" + Ending).FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == id) is { } path ? Read(path) : null;

    /// <summary>Takes an operation for this process; null while another one works at it.</summary>
    public Task<FileLock?> TakeAsync(string id, CancellationToken cancellationToken)
    {
        Make();
        return FileLock.TakeAsync(PathOf(id, ".lock"), TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Whether a process works at an operation.</summary>
    public async Task<bool> IsHeldAsync(string id, CancellationToken cancellationToken)
    {
        if (!File.Exists(PathOf(id, ".lock")))
        {
            return false;
        }

        using var held = await TakeAsync(id, cancellationToken);
        return held is null;
    }

    /// <summary>Whether an operation was begun on this machine and no process works at it any more. What was begun elsewhere may go on there, whatever the lock says here.</summary>
    /// <exception cref="HomelabException">JournalTooNew, OperationUnreadable.</exception>
    public async Task<bool> IsAbandonedAsync(string id, CancellationToken cancellationToken) =>
        File.Exists(PathOf(id, ".lock")) && Find(id) is { } record && record.By.EndsWith($"@{Environment.MachineName}", StringComparison.Ordinal) && !await IsHeldAsync(id, cancellationToken);

    // The line stands before the steps, which have one of their own further in.
    private static OperationStatus? EndOf(string path)
    {
        try
        {
            var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith("  \"status\": \"", StringComparison.Ordinal));
            return Enum.TryParse<OperationStatus>(line?.Split('"') is [_, _, _, var status, ..] ? status : null, out var found) ? found : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static OperationRecord Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var record = JsonSerializer.Deserialize(file, OperationJson.Default.OperationRecord) ?? throw new JsonException("The file is empty.");
            return record.Version <= OperationRecord.CurrentVersion ? record : throw Errors.JournalTooNew(path, record.Version);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Errors.OperationUnreadable(path, error);
        }
    }

    private void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private string PathOf(string id, string ending) => Path.Combine(folder, id + ending);
}
