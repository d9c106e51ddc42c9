namespace HomelabOps.Core.Machine;

/// <summary>Folders of the user that the module keeps things in.</summary>
internal static class UserFolders
{
    /// <summary>What can be made anew at any time. Not made yet where nothing was kept.</summary>
    public static string Cache => Path.Combine(CacheOfAll(), "homelabops");

    private static string CacheOfAll()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache)
        {
            return cache;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches") : Path.Combine(home, ".cache");
    }
}
