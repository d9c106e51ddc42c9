using System.Text;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The folder of one kustomization file: finds what the file refers to, within what is allowed.</summary>
internal sealed class BuildFolder
{
    private readonly BuildContext _context;
    private readonly BuildFolder? _referrer;

    private BuildFolder(BuildContext context, string path, BuildFolder? referrer)
    {
        _context = context;
        Path = path;
        _referrer = referrer;
    }

    /// <summary>The resolved folder.</summary>
    public string Path { get; }

    /// <summary>The folder that a build begins in.</summary>
    public static BuildFolder Open(BuildContext context, string path) =>
        context.Files.Resolve(path) is { } resolved && context.Files.IsFolder(resolved)
            ? new(context, resolved, null)
            : throw Errors.KustomizeBuildFailed(context.Files.Display(path), Errors.Text("Detail_BuildNoFolder"));

    /// <summary>Whether the reference leads to a folder.</summary>
    public bool IsFolder(FileReference reference) => _context.Files.IsFolder(Resolve(reference));

    /// <summary>The folder of a base or a component.</summary>
    public BuildFolder Enter(FileReference reference)
    {
        var path = Resolve(reference);
        for (var folder = this; folder is not null; folder = folder._referrer)
        {
            if (BuildPath.IsWithin(folder.Path, path))
            {
                throw reference.Invalid("Detail_KustomizeCycle", reference.Text, _context.Files.Display(folder.Path));
            }
        }

        return new(_context, path, this);
    }

    /// <summary>The content of a file.</summary>
    public byte[] Read(FileReference reference) => ReadPath(FileOf(reference));

    /// <summary>The path of a file.</summary>
    public string FileOf(FileReference reference)
    {
        var path = Resolve(reference);
        if (_context.Files.IsFolder(path))
        {
            throw reference.Invalid("Detail_KustomizeNotFile", reference.Text);
        }

        return _context.Options.AllowsFilesOutside || BuildPath.IsWithin(path, Path) ? path : throw reference.Invalid("Detail_KustomizeOutside", reference.Text, _context.Files.Display(Path));
    }

    /// <summary>The manifests of a file.</summary>
    public IReadOnlyList<Manifest> Manifests(FileReference reference)
    {
        var path = FileOf(reference);
        _context.Used.Add(path);
        return ManifestReader.Read(_context.Files.Display(path), _context.Files.Documents(path));
    }

    /// <summary>The kustomization file of this folder; <paramref name="reference"/> is what led here.</summary>
    public KustomizationFile Kustomization(FileReference? reference)
    {
        var names = KustomizationFile.FileNames.Where(name => _context.Files.Resolve(PathOf(name)) is { } path && !_context.Files.IsFolder(path)).ToArray();
        if (names.Length != 1)
        {
            var detail = names.Length == 0 ? "Detail_KustomizeMissing" : "Detail_KustomizeMany";
            throw reference is null
                ? Errors.KustomizeBuildFailed(_context.Files.Display(Path), Errors.Text(detail, _context.Files.Display(Path), string.Join(", ", names)))
                : reference.Invalid(detail, reference.Text, string.Join(", ", names));
        }

        var file = PathOf(names[0]);
        return _context.Overrides.GetValueOrDefault(file) ?? KustomizationReader.Read(_context.Files.Display(file), Encoding.UTF8.GetString(ReadPath(_context.Files.Resolve(file)!)));
    }

    private string PathOf(string name) => Path == "/" ? "/" + name : $"{Path}/{name}";

    private byte[] ReadPath(string path)
    {
        _context.Used.Add(path);
        return _context.Files.Read(path);
    }

    private string Resolve(FileReference reference)
    {
        if (BuildPath.IsRemote(reference.Text))
        {
            throw reference.Unsupported("Detail_UnsupportedRemote", reference.Text);
        }

        if (reference.Text.Length == 0 || reference.Text.StartsWith('/'))
        {
            throw reference.Invalid("Detail_KustomizePath", reference.Text);
        }

        return BuildPath.Combine(Path, reference.Text) is { } path && _context.Files.Resolve(path) is { } resolved
            ? resolved
            : throw reference.Invalid("Detail_KustomizeNotFound", reference.Text);
    }
}
