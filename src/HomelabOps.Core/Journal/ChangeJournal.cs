using System.Globalization;
using System.Text.Json;

namespace HomelabOps.Core.Journal;

/// <summary>
/// Every change that the module makes, with what undoes it: one JSON line before it is made and one after, forced to the
/// disk, in one file a month that only its owner can read. Several processes may write at the same time.
/// </summary>
/// <param name="folder">Where the files are.</param>
internal sealed class ChangeJournal(string folder)
{
    /// <summary>Names the folder of the module's state, in place of the user's own.</summary>
    public const string Variable = "HOMELABOPS_STATE";

    private const int LockAttempts = 200;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockWait = TimeSpan.FromMilliseconds(10);

    private int _made;

    /// <summary>How many changes were made through it.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>The journal in the user's state folder.</summary>
    public static ChangeJournal ForUser() => new(Path.Combine(StateFolder(Environment.GetEnvironmentVariable), "journal"));

    /// <summary>Makes a change between its two lines. Nothing is changed when the first cannot be written.</summary>
    /// <exception cref="HomelabException">JournalUnwritable, or the failure of the change.</exception>
    public async Task<T> RunAsync<T>(JournalEntry entry, Func<Task<T>> change)
    {
        Begin(entry);
        T result;
        try
        {
            result = await change();
        }
        catch (HomelabException error)
        {
            entry.Failure = error.Message;
            Append(entry, JournalState.Failed);
            throw;
        }

        End(entry);
        return result;
    }

    /// <summary>Writes the first line of what takes longer than one change.</summary>
    /// <exception cref="HomelabException">JournalUnwritable.</exception>
    public void Begin(JournalEntry entry)
    {
        entry.Id = $"{DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..8]}";
        entry.By = $"{Environment.UserName}@{Environment.MachineName}";
        Append(entry, JournalState.Started);
    }

    /// <summary>Writes its last line, which is missing where it was interrupted.</summary>
    /// <exception cref="HomelabException">JournalUnwritable.</exception>
    public void End(JournalEntry entry)
    {
        Interlocked.Increment(ref _made);
        Append(new JournalEntry { Id = entry.Id }, JournalState.Done);
    }

    /// <summary>All lines, the oldest first. One that was cut off by a crash is left out.</summary>
    /// <exception cref="HomelabException">JournalTooNew, JournalUnreadable.</exception>
    public IEnumerable<JournalEntry> Read()
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "changes-*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach (var line in Lines(file))
            {
                if (Parse(line) is not { } entry)
                {
                    continue;
                }

                yield return entry.Version <= JournalEntry.CurrentVersion ? entry : throw Errors.JournalTooNew(file, entry.Version);
            }
        }
    }

    internal static string StateFolder(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS())
        {
            return variable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)
                ? Path.Combine(state, "homelabops")
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "homelabops");
        }

        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "HomelabOps", "state");
    }

    // At once, so that who writes does not wait for what is done with each line.
    private static List<string> Lines(string file)
    {
        try
        {
            using var reader = new StreamReader(Open(file, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read }));
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }

            return lines;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.JournalUnreadable(file, error);
        }
    }

    private static JournalEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalContext.Default.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Append(JournalEntry entry, JournalState state)
    {
        (entry.State, entry.Time) = (state, DateTimeOffset.UtcNow);
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, JournalContext.Default.JournalEntry);
        var path = Path.Combine(folder, $"changes-{entry.Time.ToString("yyyy-MM", CultureInfo.InvariantCulture)}.jsonl");
        try
        {
            using var file = Open(path);

            // A line that a crash cut off must not swallow this one.
            if (file.Length > 0)
            {
                file.Seek(-1, SeekOrigin.End);
                line = file.ReadByte() == '\n' ? line : [(byte)'\n', .. line];
            }

            file.Seek(0, SeekOrigin.End);
            file.Write([.. line, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.JournalUnwritable(path, error);
        }
    }

    private FileStream Open(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return Open(path, options);
    }

    private static FileStream Open(string path, FileStreamOptions options)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (attempt < LockAttempts && File.Exists(path))
            {
                // Another process writes its line, or reads.
                Thread.Sleep(LockWait);
            }
        }
    }
}
