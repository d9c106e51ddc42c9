using System.Collections.Concurrent;
using System.Globalization;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Files below a folder of this machine. Nothing outside of it is read.</summary>
/// <param name="root">The folder, for example the working copy of a repository.</param>
internal sealed class DiskFiles(string root) : IBuildFiles
{
    // What was written within this time may be written again without that its time changes.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly string _root = RealRoot(root);
    private readonly ConcurrentDictionary<string, string?> _resolved = new(StringComparer.Ordinal);

    // What a folder's listing tells of each entry that is no link.
    private readonly ConcurrentDictionary<string, FileSystemInfo> _listed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string? Resolve(string path) => path == "/" ? path : _resolved.GetOrAdd(path, Find);

    /// <inheritdoc/>
    public bool IsFolder(string path) => _listed.TryGetValue(path, out var known) ? known is DirectoryInfo : Directory.Exists(Native(path));

    /// <inheritdoc/>
    // A pipe has no length either, and whoever opens one waits for somebody to write.
    public byte[] Read(string path) => Native(path) is var native && new FileInfo(native).Length == 0 ? [] : File.ReadAllBytes(native);

    /// <inheritdoc/>
    public string? Stamp(string path)
    {
        var file = _listed.GetValueOrDefault(path) as FileInfo ?? new FileInfo(Native(path));
        return file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc > Settled ? string.Create(CultureInfo.InvariantCulture, $"{_root}|{file.Length}|{file.LastWriteTimeUtc.Ticks}") : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        var names = new List<string>();
        foreach (var entry in new DirectoryInfo(Native(folder)).EnumerateFileSystemInfos())
        {
            names.Add(entry.Name);
            if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                var path = folder == "/" ? "/" + entry.Name : $"{folder}/{entry.Name}";
                (_resolved[path], _listed[path]) = (path, entry);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <inheritdoc/>
    public string Display(string path) => Native(path);

    /// <summary>The path of a file or folder of this machine within these files; null when it lies outside.</summary>
    public string? PathOf(string native)
    {
        var relative = Path.GetRelativePath(_root, Path.GetFullPath(native)).Replace('\\', '/');
        return Path.IsPathRooted(relative) ? null : BuildPath.Combine("/", relative);
    }

    private static string RealRoot(string root)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    private string Native(string path) => path == "/" ? _root : Path.Join(_root, path[1..].Replace('/', Path.DirectorySeparatorChar));

    private string? Find(string path)
    {
        if (Resolve(BuildPath.Folder(path)) is not { } folder)
        {
            return null;
        }

        var real = folder == "/" ? "/" + BuildPath.Name(path) : folder + "/" + BuildPath.Name(path);
        var native = Native(real);
        FileSystemInfo info = Directory.Exists(native) ? new DirectoryInfo(native) : new FileInfo(native);
        if (info.LinkTarget is null)
        {
            return info.Exists ? real : null;
        }

        return info.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target && PathOf(target.FullName) is { } inside ? Resolve(inside) : null;
    }
}
