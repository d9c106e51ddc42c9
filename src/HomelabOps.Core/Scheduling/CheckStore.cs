using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Scheduling;

/// <summary>The checks of the user, a file each, and beside it what somebody was last told of.</summary>
/// <param name="folder">Where the files are.</param>
internal sealed partial class CheckStore(string folder)
{
    private const string Ending = ".json";
    private const string StateEnding = ".state";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The checks in the user's state folder.</summary>
    public static CheckStore ForUser() => new(Folder);

    /// <summary>Where that is.</summary>
    public static string Folder => Path.Combine(ChangeJournal.StateFolder(Environment.GetEnvironmentVariable), "checks");

    /// <summary>The file of a check.</summary>
    /// <exception cref="HomelabException">CheckInvalid: that is no name.</exception>
    public string PathOf(string name) => NamePattern().IsMatch(name) ? Path.Combine(folder, name + Ending)
        : throw Errors.CheckInvalid(name, "A name has small letters, digits and hyphens, 40 at most.");

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names() => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Ending).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal) : [];

    /// <summary>Writes a check down.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public void Save(CheckPlan plan) => Write(PathOf(plan.Name), plan, CheckJson.Default.CheckPlan);

    /// <summary>Fails where a check could not be written down.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public void Try(string name) => Guard(PathOf(name), () => WholeFile.Try(PathOf(name)));

    /// <summary>What the file of a check has, whether it can be understood or not; null where there is none.</summary>
    /// <exception cref="HomelabException">CheckUnreadable: it may not be read.</exception>
    public string? TextOf(string name)
    {
        var path = PathOf(name);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.CheckUnreadable(path, error);
        }
    }

    /// <summary>Writes back what <see cref="TextOf"/> gave.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public void SaveText(string name, string text) => Guard(PathOf(name), () => WholeFile.Write(PathOf(name), text, FileReaders.Owner));

    /// <summary>Reads a check.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="HomelabException">CheckNotFound, CheckUnreadable.</exception>
    public static CheckPlan Read(string path)
    {
        var plan = Read(path, CheckJson.Default.CheckPlan) ?? throw Errors.CheckNotFound(Path.GetFileNameWithoutExtension(path), path);
        return plan.Version <= CheckPlan.CurrentVersion ? plan : throw Errors.CheckUnreadable(path, new JsonException("A newer version of the module wrote it."));
    }

    /// <summary>What somebody was last told of; null for nothing, or where it cannot be understood.</summary>
    /// <param name="path">The file of the check.</param>
    public static CheckState? ReadState(string path)
    {
        try
        {
            return Read(Path.ChangeExtension(path, StateEnding), CheckJson.Default.CheckState) is { } state && state.Findings?.ContainsValue(null!) != true ? state : null;
        }
        catch (HomelabException)
        {
            // Somebody is told once too often then, and not once too little.
            return null;
        }
    }

    /// <summary>Writes down what somebody was told of.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public static void SaveState(string path, CheckState state) => Write(Path.ChangeExtension(path, StateEnding), state, CheckJson.Default.CheckState);

    /// <summary>Keeps other runs of the same check away; null where one is under way.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public static async Task<IDisposable?> HoldAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await FileLock.TakeAsync(Path.ChangeExtension(path, ".lock"), Patience, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.CheckUnwritable(path, error);
        }
    }

    /// <summary>Removes a check with all that belongs to it.</summary>
    /// <exception cref="HomelabException">CheckUnwritable.</exception>
    public void Remove(string name)
    {
        var path = PathOf(name);
        Guard(path, () => new[] { path, Path.ChangeExtension(path, StateEnding), Path.ChangeExtension(path, ".lock") }.ToList().ForEach(File.Delete));
    }

    private static T? Read<T>(string path, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), json) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Errors.CheckUnreadable(path, error);
        }
    }

    private static void Write<T>(string path, T value, JsonTypeInfo<T> json) => Guard(path, () => WholeFile.Write(path, JsonSerializer.Serialize(value, json) + "\n", FileReaders.Owner));

    private static void Guard(string path, Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.CheckUnwritable(path, error);
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
