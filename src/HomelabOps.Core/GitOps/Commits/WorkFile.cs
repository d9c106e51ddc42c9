using LibGit2Sharp;

namespace HomelabOps.Core.GitOps.Commits;

/// <summary>A file of a working copy that is to have another content.</summary>
internal sealed class WorkFile
{
    private readonly Repository _repository;
    private readonly string _full;
    private readonly ObjectId? _before;
    private readonly ObjectId? _after;
    private readonly Mode _mode;
    private readonly FileFilters? _filters;
    private readonly bool _isSubmodule;
    private readonly bool _isModeChange;

    /// <summary>What a comparison of trees says of one file.</summary>
    /// <param name="repository">The working copy.</param>
    /// <param name="change">What changes.</param>
    /// <param name="filters">The filters of other programs; null where the file has none.</param>
    public WorkFile(Repository repository, TreeEntryChanges change, FileFilters? filters)
    {
        (_repository, _filters, Path, _full) = (repository, filters, change.Path, System.IO.Path.Combine(repository.Info.WorkingDirectory, change.Path));
        (_before, _after, _mode) = (change.OldExists ? change.OldOid : null, change.Exists ? change.Oid : null, change.Mode);
        _isSubmodule = change.Mode == Mode.GitLink || change.OldMode == Mode.GitLink;
        _isModeChange = change.OldExists && change.OldMode != change.Mode;
    }

    /// <summary>The path in the repository.</summary>
    public string Path { get; }

    /// <summary>It is there afterwards.</summary>
    public bool IsNeeded => _after is not null;

    /// <summary>Index and folder have the old content or the new one.</summary>
    public bool IsClean => IsKnown(_repository.Index[Path]?.Id) && (_isSubmodule || IsKnown(Content()));

    /// <summary>Something that is no folder is where a folder of the path must be.</summary>
    /// <param name="going">Files that will be gone by then.</param>
    public bool IsBlocked(IReadOnlySet<string> going)
    {
        for (var folder = Parent(Path); folder.Length > 0; folder = Parent(folder))
        {
            var info = new FileInfo(System.IO.Path.Combine(_repository.Info.WorkingDirectory, folder));
            if ((info.Exists || info.LinkTarget is not null || (info.Attributes != (FileAttributes)(-1) && info.Attributes.HasFlag(FileAttributes.ReparsePoint))) && !going.Contains(folder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the new content, or deletes the file. What is neither old nor new is somebody's work and stays.</summary>
    /// <param name="drafts">A folder for what is not complete yet.</param>
    public void Write(string drafts)
    {
        var content = _isSubmodule ? _after : Content();
        if (content == _after)
        {
            if (_isModeChange)
            {
                SetMode(_full);
            }

            return;
        }

        if (!IsKnown(content))
        {
            return;
        }

        if (_after is null)
        {
            File.Delete(_full);
            DeleteEmptyFolders();
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_full)!);
        var draft = System.IO.Path.Combine(drafts, Guid.NewGuid().ToString("N"));
        WriteDraft(draft);
        File.Move(draft, _full, overwrite: true);
    }

    /// <summary>Lets the index have the new content. It is written by the caller.</summary>
    public void Stage()
    {
        if (!IsKnown(_repository.Index[Path]?.Id))
        {
            return;
        }

        if (_after is null)
        {
            _repository.Index.Remove(Path);
            return;
        }

        if (!_isSubmodule && _filters is null && Content() == _after)
        {
            // Remembers time and size of the file, so that git need not read it again.
            _repository.Index.Add(Path);
        }

        // Where the system knows no modes, the entry keeps the former one.
        if (!_isSubmodule && _repository.Index[Path] is var entry && (entry?.Id != _after || entry?.Mode != _mode))
        {
            _repository.Index.Add(_repository.Lookup<Blob>(_after), Path, _mode);
        }
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    private bool IsKnown(ObjectId? content) => content == _before || content == _after;

    // As git would store it: line ends and the like are undone.
    private ObjectId? Content()
    {
        var info = new FileInfo(_full);
        if (info.LinkTarget is { } link)
        {
            using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(link));
            return _repository.ObjectDatabase.CreateBlob(text).Id;
        }

        // A folder has no content, and is none that anybody knows.
        return info.Exists ? Filtered() ?? _repository.ObjectDatabase.CreateBlob(Path).Id : Directory.Exists(_full) ? ObjectId.Zero : null;
    }

    // What was stored before its filter was declared is the same without it.
    private ObjectId? Filtered() => _filters?.Clean(Path) is not { } clean ? null : !IsKnown(clean) && _filters.Plain(Path) is var plain && plain == _before ? plain : clean;

    private void WriteDraft(string draft)
    {
        var blob = _repository.Lookup<Blob>(_after);
        if (_mode == Mode.SymbolicLink && !OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(draft, blob.GetContentText());
            return;
        }

        if (_filters is not null)
        {
            _filters.Write(blob.Id, _mode, Path, draft);
            return;
        }

        using (var content = blob.GetContentStream(new FilteringOptions(Path)))
        using (var file = File.Create(draft))
        {
            content.CopyTo(file);
        }

        SetMode(draft);
    }

    private void SetMode(string file)
    {
        if (_after is null || _mode is not (Mode.ExecutableFile or Mode.NonExecutableFile) || OperatingSystem.IsWindows())
        {
            return;
        }

        // Who may read it may run it.
        var mode = File.GetUnixFileMode(file);
        var wanted = _mode == Mode.ExecutableFile ? mode | (UnixFileMode)(((int)mode & 0x124) >> 2) : mode & ~(UnixFileMode)0x49;
        if (wanted != mode)
        {
            File.SetUnixFileMode(file, wanted);
        }
    }

    private void DeleteEmptyFolders()
    {
        for (var folder = Parent(Path); folder.Length > 0; folder = Parent(folder))
        {
            var full = System.IO.Path.Combine(_repository.Info.WorkingDirectory, folder);
            if (Directory.EnumerateFileSystemEntries(full).Any())
            {
                return;
            }

            Directory.Delete(full);
        }
    }
}
