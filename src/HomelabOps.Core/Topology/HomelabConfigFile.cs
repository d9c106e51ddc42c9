namespace HomelabOps.Core.Topology;

/// <summary>The file homelab.yaml: where it lies, reading it, writing it.</summary>
public static class HomelabConfigFile
{
    /// <summary>Name of the file in a repository and in the user's folder.</summary>
    public const string FileName = "homelab.yaml";

    /// <summary>
    /// The file that applies: the one that is named, else HOMELABOPS_CONFIG's, else the repository's, else the user's.
    /// </summary>
    /// <param name="named">A file, or the folder that homelab.yaml lies in; null when none is named.</param>
    /// <param name="repository">Folder of the Git working copy; null when none is known.</param>
    /// <param name="environment">Where to look; null for the machine's own.</param>
    /// <returns>An absolute path; null when there is no file and the runbook's defaults hold.</returns>
    /// <exception cref="HomelabException">HomelabConfigNotFound: the file that is named does not exist.</exception>
    public static string? Find(string? named, string? repository, HomelabConfigEnvironment? environment = null)
    {
        environment ??= HomelabConfigEnvironment.Current;
        if (!string.IsNullOrEmpty(named))
        {
            return Existing(FileAt(named)) ?? throw Errors.HomelabConfigNotFound(FileAt(named), null);
        }

        if (environment.GetVariable(HomelabConfigEnvironment.Variable) is { Length: > 0 } variable)
        {
            var file = FileAt(Path.GetFullPath(variable, environment.WorkingFolder));
            return Existing(file) ?? throw Errors.HomelabConfigNotFound(file, HomelabConfigEnvironment.Variable);
        }

        return InFolder(repository) ?? InFolder(environment.UserFolder);
    }

    /// <summary>The settings that apply; the runbook's defaults when there is no file.</summary>
    /// <param name="named">A file, or the folder that homelab.yaml lies in; null when none is named.</param>
    /// <param name="repository">Folder of the Git working copy; null when none is known.</param>
    /// <param name="environment">Where to look; null for the machine's own.</param>
    /// <exception cref="HomelabException">HomelabConfigNotFound, HomelabConfigUnreadable, HomelabConfigInvalid.</exception>
    public static HomelabConfig Load(string? named, string? repository, HomelabConfigEnvironment? environment = null) =>
        Find(named, repository, environment) is { } file ? Read(file, environment) : new HomelabConfig();

    /// <summary>Where a new file goes when none is named: into the repository, else into the user's folder.</summary>
    /// <param name="named">A file, or the folder to put homelab.yaml into; null when none is named.</param>
    /// <param name="repository">Folder of the Git working copy; null when none is known.</param>
    /// <param name="environment">Where to look; null for the machine's own.</param>
    /// <exception cref="HomelabException">HomelabConfigNotFound: the account has no home, so a path is needed.</exception>
    public static string PlaceForNew(string? named, string? repository, HomelabConfigEnvironment? environment = null) => FileAt(
        (string.IsNullOrEmpty(named) ? null : named)
        ?? (string.IsNullOrEmpty(repository) ? null : Path.Combine(repository, FileName))
        ?? ((environment ?? HomelabConfigEnvironment.Current).UserFolder is { } folder ? Path.Combine(folder, FileName) : throw Errors.HomelabConfigNowhere()));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Whose home ~ is; null for the machine's own.</param>
    /// <exception cref="HomelabException">HomelabConfigNotFound, HomelabConfigUnreadable, HomelabConfigInvalid.</exception>
    public static HomelabConfig Read(string path, HomelabConfigEnvironment? environment = null)
    {
        var file = Path.GetFullPath(path);
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.HomelabConfigNotFound(file, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.HomelabConfigUnreadable(file, error);
        }

        using var reader = new StringReader(text);
        return HomelabConfigReader.Read(reader, file, (environment ?? HomelabConfigEnvironment.Current).Home);
    }

    /// <summary>Reads a file that may be missing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="HomelabException">HomelabConfigUnreadable, HomelabConfigInvalid.</exception>
    public static HomelabConfig? ReadIfExists(string path) => Path.Exists(path) ? Read(path) : null;

    /// <summary>The text that <see cref="Write"/> would write.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="path">Where it would lie.</param>
    public static string Text(HomelabConfig config, string path) => HomelabConfigWriter.Write(config, Path.GetFullPath(path));

    /// <summary>Fails when there is something that only -Force may replace, before any work is done for it.</summary>
    /// <param name="path">Where the file will lie.</param>
    /// <exception cref="HomelabException">HomelabConfigExists.</exception>
    public static void RefuseExisting(string path)
    {
        if (Path.Exists(path))
        {
            throw Errors.HomelabConfigExists(path);
        }
    }

    /// <summary>Writes the file whole or not at all, readable for everybody since there is no secret in it.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="path">Where it will lie; its folder is made where it is missing.</param>
    /// <param name="replace">An existing file may be replaced.</param>
    /// <returns>The settings with the path.</returns>
    /// <exception cref="HomelabException">HomelabConfigExists, HomelabConfigUnwritable.</exception>
    public static HomelabConfig Write(HomelabConfig config, string path, bool replace)
    {
        ArgumentNullException.ThrowIfNull(config);
        var file = Path.GetFullPath(path);
        var draft = "";
        try
        {
            // Replacing the link itself would leave the file that it leads to, perhaps in a repository, as it was.
            var target = replace && File.Exists(file) && File.ResolveLinkTarget(file, returnFinalTarget: true) is { } linked ? linked.FullName : file;
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName;
            draft = Path.Combine(folder, $".{FileName}.{Guid.NewGuid():N}");
            WriteDraft(draft, HomelabConfigWriter.Write(config, file));
            File.Move(draft, target, replace);
            return config with { Path = file };
        }
        catch (IOException) when (!replace && Path.Exists(file) && File.Exists(draft))
        {
            throw Errors.HomelabConfigExists(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.HomelabConfigUnwritable(file, error);
        }
        finally
        {
            if (draft.Length > 0)
            {
                File.Delete(draft);
            }
        }
    }

    private static void WriteDraft(string draft, string text)
    {
        using var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            File.SetUnixFileMode(stream.SafeFileHandle, readable);
        }
    }

    private static string FileAt(string path)
    {
        var full = Path.GetFullPath(path);
        return Directory.Exists(full) || Path.EndsInDirectorySeparator(full) ? Path.Combine(full, FileName) : full;
    }

    private static string? InFolder(string? folder) => string.IsNullOrEmpty(folder) ? null : Existing(Path.GetFullPath(Path.Combine(folder, FileName)));

    private static string? Existing(string file) => File.Exists(file) ? file : null;
}
