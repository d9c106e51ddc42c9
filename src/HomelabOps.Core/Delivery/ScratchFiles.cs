using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Delivery;

/// <summary>Puts the files of a commit that are built and not checked out into a folder.</summary>
internal static class ScratchFiles
{
    /// <summary>Writes all files. A link to a file becomes a copy of it; one to a folder is left out.</summary>
    public static void Fill(ScratchFolder scratch, IBuildFiles files) => Fill(scratch.Path, files, "/");

    private static void Fill(string root, IBuildFiles files, string folder)
    {
        foreach (var path in files.List(folder).Select(name => folder == "/" ? "/" + name : $"{folder}/{name}"))
        {
            if (files.Resolve(path) is not { } found)
            {
                continue;
            }

            if (!files.IsFolder(found))
            {
                var target = Path.Combine(root, path[1..]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllBytes(target, files.Read(found));
            }
            else if (found == path)
            {
                Fill(root, files, path);
            }
        }
    }
}
