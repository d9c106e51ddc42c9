namespace HomelabOps.Core.Scheduling.Webhooks;

/// <summary>Where the address of a webhook comes from. It is read when it is needed, and never written.</summary>
internal static class WebhookAddress
{
    /// <summary>Name of the variable, also within a file.</summary>
    public const string Variable = "HOMELABOPS_WEBHOOK";

    /// <summary>Name of systemd's credential.</summary>
    public const string Credential = "homelabops-webhook";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The address: systemd's credential, else the variable, else the file.</summary>
    /// <param name="file">A file that only its owner may read; null for none.</param>
    /// <param name="variable">Gives variables of the environment.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="HomelabException">WebhookUnreadable.</exception>
    public static Uri? Find(string? file, Func<string, string?> variable)
    {
        if (variable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.Combine(folder, Credential) is var credential && File.Exists(credential))
        {
            return Read(credential);
        }

        return variable(Variable) is { Length: > 0 } value ? Parse(value, $"${Variable}") : file is null ? null : ReadOwn(file);
    }

    /// <summary>Reads a file of the user's.</summary>
    /// <exception cref="HomelabException">WebhookUnreadable.</exception>
    public static Uri ReadOwn(string file)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
        {
            throw Errors.WebhookUnreadable(file, "Others may read it. Use chmod 600.");
        }

        return Read(file);
    }

    private static Uri Read(string file)
    {
        try
        {
            // As an address alone, or as systemd's EnvironmentFile has it.
            var line = File.ReadLines(file).Select(text => text.Trim()).FirstOrDefault(text => text.Length > 0 && text[0] != '#') ?? "";
            return Parse(line.StartsWith(Variable + "=", StringComparison.Ordinal) ? line[(Variable.Length + 1)..].Trim('"', '\'') : line, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.WebhookUnreadable(file, error.Message);
        }
    }

    // What stands there may be a secret that was put there by mistake, so it is not told.
    private static Uri Parse(string text, string where) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Scheme is ("https" or "http") ? address : throw Errors.WebhookUnreadable(where, "It has no address that begins with https or http.");
}
