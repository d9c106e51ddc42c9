using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Delivery;

/// <summary>A folder that only the user can read, for files of a commit that are built and not checked out.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("homelabops-").FullName;

    /// <summary>Writes all files. A link to a file becomes a copy of it; one to a folder is left out.</summary>
    public void Fill(IBuildFiles files) => Fill(files, "/");

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // The system clears its temporary folder.
        }
    }

    private void Fill(IBuildFiles files, string folder)
    {
        foreach (var path in files.List(folder).Select(name => folder == "/" ? "/" + name : $"{folder}/{name}"))
        {
            if (files.Resolve(path) is not { } found)
            {
                continue;
            }

            if (!files.IsFolder(found))
            {
                var target = System.IO.Path.Combine(Path, path[1..]);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.WriteAllBytes(target, files.Read(found));
            }
            else if (found == path)
            {
                Fill(files, path);
            }
        }
    }
}
