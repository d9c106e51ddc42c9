namespace HomelabOps.Console;

/// <summary>Finds the staged module: what was named comes before what lies around.</summary>
internal static class ModuleLocator
{
    private const string Manifest = "HomelabOps.psd1";
    private const string ModuleVariable = "HOMELABOPS_MODULE";

    /// <returns>The full path of the manifest, or null with the reason.</returns>
    public static string? Find(string? named, out string problem)
    {
        named ??= Environment.GetEnvironmentVariable(ModuleVariable) is { Length: > 0 } set ? set : null;
        if (named is not null)
        {
            string path = Path.GetFullPath(Directory.Exists(named) ? Path.Combine(named, Manifest) : named);
            problem = $"There is no module manifest '{path}'.";
            return File.Exists(path) ? path : null;
        }

        problem = $"No HomelabOps module was found in the repository (out/HomelabOps) or beside this program (HomelabOps/). "
            + $"Build it with 'dotnet build', or name its manifest with -ModulePath or {ModuleVariable}, or start with -NoImport.";
        return Candidates().FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Candidates()
    {
        // Only the repository that this program was built in counts, so the folder of a release never looks further up.
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Module.sln")))
            {
                yield return Path.Combine(folder.FullName, "out", "HomelabOps", Manifest);
                break;
            }
        }

        yield return Path.Combine(AppContext.BaseDirectory, "HomelabOps", Manifest);
    }
}
