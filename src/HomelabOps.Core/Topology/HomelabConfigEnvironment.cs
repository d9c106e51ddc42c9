namespace HomelabOps.Core.Topology;

/// <summary>What decides where homelab.yaml is looked for; a test gives its own instead of the machine's.</summary>
public sealed record HomelabConfigEnvironment
{
    /// <summary>Names the file, in place of the repository's and the user's.</summary>
    public const string Variable = "HOMELABOPS_CONFIG";

    /// <summary>The machine's own.</summary>
    public static HomelabConfigEnvironment Current => new();

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The user's home folder; empty where there is none.</summary>
    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>What a relative path in the variable starts from.</summary>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>The system is Windows.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The system is macOS.</summary>
    public bool IsMacOS { get; init; } = OperatingSystem.IsMacOS();

    /// <summary>The user's folder for configuration; null for an account without a home.</summary>
    public string? UserFolder
    {
        get
        {
            if (IsWindows)
            {
                return GetVariable("APPDATA") is { Length: > 0 } roaming ? Path.Combine(roaming, "HomelabOps") : Below("AppData", "Roaming", "HomelabOps");
            }

            // Also on macOS: who sets it wants it.
            return GetVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder && Path.IsPathRooted(folder) ? Path.Combine(folder, "homelabops")
                : IsMacOS ? Below("Library", "Application Support", "HomelabOps")
                : Below(".config", "homelabops");
        }
    }

    private string? Below(params ReadOnlySpan<string> parts) => Home.Length == 0 ? null : Path.Combine([Home, .. parts]);
}
