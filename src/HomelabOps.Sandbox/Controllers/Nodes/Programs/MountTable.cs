using System.Globalization;
using System.Text;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>
/// The files that a process sees: file systems at their places. Of two at the same place the later one is seen. Calls on a mount
/// that hangs end only when the caller is killed.
/// </summary>
internal sealed class MountTable(IReadOnlyList<MountPoint> mounts)
{
    /// <summary>The file that takes everything and has nothing.</summary>
    public const string Nothing = "/dev/null";

    public IReadOnlyList<MountPoint> Mounts => mounts;

    /// <summary>Files of the kernel: paths with what is read from them.</summary>
    public Dictionary<string, Func<string>> Kernel { get; } = new(StringComparer.Ordinal);

    /// <summary>Waits for a server that does not answer, until the caller is killed.</summary>
    public Func<CancellationToken, Task> HangAsync { get; set; } = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>The time of what is written; null for that of files that were there before.</summary>
    public Func<DateTimeOffset>? Clock { get; set; }

    /// <summary>Makes a path absolute and takes dots out of it.</summary>
    public static string Normalize(string path, string folder = "/")
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : folder + "/" + path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>The mount that a path is on.</summary>
    public MountPoint MountOf(string path)
    {
        var found = mounts[0];
        foreach (var mount in mounts)
        {
            if (mount.Holds(path) && mount.Path.Length >= found.Path.Length)
            {
                found = mount;
            }
        }

        return found;
    }

    /// <summary>The file or folder at a path.</summary>
    /// <exception cref="FileException">It is not there, or the file system does not say.</exception>
    public async Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken)
    {
        if (Kernel.TryGetValue(path, out var read))
        {
            return FileEntry.Text(read()) with { Size = 0 };
        }

        if (path == Nothing)
        {
            return FileEntry.Text("");
        }

        var mount = await ReachAsync(path, cancellationToken);
        return mount.Tree.Find(mount.Within(path)) ?? (mounts.Any(other => other.Path == path || other.Path.StartsWith(path + "/", StringComparison.Ordinal)) ? FileEntry.Folder : throw new FileException(FileException.NotFound));
    }

    public async Task<IReadOnlyList<(string Name, FileEntry Entry)>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        if (!(await StatAsync(folder, cancellationToken)).IsDirectory)
        {
            throw new FileException(FileException.NoDirectory);
        }

        var mount = MountOf(folder);
        var prefix = folder == "/" ? "/" : folder + "/";
        var below = mounts
            .Where(other => other.Path.Length > prefix.Length && other.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(other => (other.Path[prefix.Length..].Split('/')[0], FileEntry.Folder));
        var ofKernel = Kernel.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => (Name: path[prefix.Length..].Split('/')[0], IsFile: path.IndexOf('/', prefix.Length) < 0))
            .Select(path => (path.Name, path.IsFile ? FileEntry.Text("") : FileEntry.Folder));
        return [.. mount.Tree.List(mount.Within(folder)).Concat(below).Concat(ofKernel).DistinctBy(entry => entry.Item1).OrderBy(entry => entry.Item1, StringComparer.Ordinal)];
    }

    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var entry = await StatAsync(path, cancellationToken);
        return entry.IsDirectory ? throw new FileException(FileException.IsDirectory) : entry.Content ?? "";
    }

    public async Task WriteAsync(string path, string content, bool append, CancellationToken cancellationToken)
    {
        if (path == Nothing)
        {
            return;
        }

        var mount = await ReachAsync(path, cancellationToken);
        if (mount.IsReadOnly || Kernel.ContainsKey(path))
        {
            throw new FileException(FileException.ReadOnly);
        }

        var place = mount.Within(path);
        var present = mount.Tree.Find(place);
        if (present?.IsDirectory == true)
        {
            throw new FileException(FileException.IsDirectory);
        }

        var entry = FileEntry.Text(append ? present?.Content + content : content);
        mount.Tree.Set(place, Clock is null ? entry : entry with { Modified = Clock() });
    }

    public async Task MakeFolderAsync(string path, CancellationToken cancellationToken)
    {
        var mount = await ReachAsync(path, cancellationToken);
        mount.Tree.Set(mount.Within(path), mount.IsReadOnly ? throw new FileException(FileException.ReadOnly) : Clock is null ? FileEntry.Folder : FileEntry.Folder with { Modified = Clock() });
    }

    /// <summary>Sets a file or folder as it is, with its time.</summary>
    /// <exception cref="FileException">It may not be written.</exception>
    public async Task PutAsync(string path, FileEntry entry, CancellationToken cancellationToken)
    {
        var mount = await ReachAsync(path, cancellationToken);
        mount.Tree.Set(mount.Within(path), mount.IsReadOnly ? throw new FileException(FileException.ReadOnly) : entry);
    }

    /// <summary>Copies a file, or a folder with all in it.</summary>
    /// <exception cref="FileException">It is not there, or may not be written.</exception>
    public async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await StatAsync(from, cancellationToken);
        var (source, target) = (MountOf(from), await ReachAsync(to, cancellationToken));
        if (target.IsReadOnly)
        {
            throw new FileException(FileException.ReadOnly);
        }

        foreach (var (path, entry) in source.Tree.Below(source.Within(from)))
        {
            target.Tree.Set(target.Within(to) + path, entry);
        }
    }

    /// <summary>Gives a file or folder another path.</summary>
    /// <exception cref="FileException">It is not there, something is mounted there, or it may not be written.</exception>
    public async Task MoveAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (mounts.Any(mount => mount.Path == from))
        {
            throw new FileException(FileException.Busy);
        }

        await CopyAsync(from, to, cancellationToken);
        await RemoveAsync(from, cancellationToken);
    }

    public async Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        await StatAsync(path, cancellationToken);
        var mount = MountOf(path);
        mount.Tree.Remove(mount.IsReadOnly ? throw new FileException(FileException.ReadOnly) : mount.Within(path));
    }

    /// <summary>The mount that a path is on, once it answers.</summary>
    public async Task<MountPoint> ReachAsync(string path, CancellationToken cancellationToken)
    {
        var mount = MountOf(path);
        switch (mount.Fault)
        {
            case MountFault.Stale:
                throw new FileException(FileException.Stale);
            case MountFault.Hung:
                await HangAsync(cancellationToken);
                break;
        }

        return mount;
    }

    /// <summary>The table as <c>/proc/PID/mountinfo</c> shows it.</summary>
    public string ToMountInfo()
    {
        var text = new StringBuilder();
        for (var index = 0; index < mounts.Count; index++)
        {
            var mount = mounts[index];
            var access = mount.IsReadOnly ? "ro" : "rw";
            text.Append(CultureInfo.InvariantCulture, $"{22 + index} {(index == 0 ? 1 : 22)} {mount.Device} {Escape(mount.Root)} {Escape(mount.Path)} {access},relatime shared:{index + 1} - {mount.Type} {Escape(mount.Source)} {access},{mount.Options}\n");
        }

        return text.ToString();
    }

    // Spaces would be taken for the end of a field.
    private static string Escape(string text) => text.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal).Replace("\t", "\\011", StringComparison.Ordinal);
}
