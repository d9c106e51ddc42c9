using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace HomelabOps.Sandbox;

/// <summary>A file that only its owner can read, and that lives as long as this process at most. What dead processes left is swept at the next start.</summary>
internal sealed class RuntimeFile : IDisposable
{
    private const string Prefix = "sandbox-";

    // Start times are computed from that of the system and differ a little from one reading to the next.
    private const long Tolerance = 5;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private RuntimeFile(string path) => Path = path;

    public string Path { get; }

    public static string DefaultFolder => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)
        ? System.IO.Path.Combine(runtime, "homelabops")
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "homelabops", "run");

    public static RuntimeFile Write(string? folder, string text)
    {
        var path = NewPath(folder, ".kubeconfig");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(path, options))
        {
            writer.Write(text);
        }

        return new(path);
    }

    /// <summary>A name for something of this process in the folder, which is made and swept if need be.</summary>
    public static string NewPath(string? folder, string ending)
    {
        folder ??= DefaultFolder;
        CreatePrivate(folder);
        Sweep(folder);
        var (process, random) = (Environment.ProcessId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
        return System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{process}-{StartOf(process)}-{random}{ending}"));
    }

    /// <summary>Makes a folder that only its owner can read; on Windows the profile's folder is so already.</summary>
    public static void CreatePrivate(string folder)
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

    /// <summary>Deletes the files and folders of processes that no longer run.</summary>
    public static void Sweep(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, Prefix + "*"))
        {
            var parts = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-');
            if (parts.Length < 3 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var process) || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var started)
                || Math.Abs(StartOf(process) - started) > Tolerance)
            {
                TryDelete(path);
            }
        }
    }

    public void Dispose() => TryDelete(Path);

    // A number that is used again belongs to a process that started at another time.
    private static long StartOf(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return new DateTimeOffset(found.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return long.MinValue / 2;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                RuntimeFolder.Delete(path);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
        }
    }
}
