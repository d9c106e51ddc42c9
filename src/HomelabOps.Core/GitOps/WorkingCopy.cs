namespace HomelabOps.Core.GitOps;

/// <summary>Working copies of Git on this machine.</summary>
internal static class WorkingCopy
{
    /// <summary>The root of the working copy that a folder lies in; null when it lies in none.</summary>
    public static string? RootOf(string folder)
    {
        for (var current = Path.GetFullPath(folder); current is not null; current = Path.GetDirectoryName(current))
        {
            // A file in linked working trees and in submodules.
            if (Path.Exists(Path.Combine(current, ".git")))
            {
                return current;
            }
        }

        return null;
    }
}
