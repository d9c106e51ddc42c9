namespace HomelabOps.Binding;

/// <summary>What of a repository came by pipe: applications, and versions of files.</summary>
internal sealed class PipedScope
{
    private readonly List<string> _apps = [];
    private readonly List<string> _paths = [];

    /// <summary>Takes one; false when it is neither.</summary>
    public bool Add(object input)
    {
        if (Piped.Unwrap(input) is ManifestVersion version)
        {
            _paths.Add(version.File);
            return true;
        }

        if (PipedApp.Read(input) is not { } app)
        {
            return false;
        }

        _apps.Add(app.Name);
        return true;
    }

    /// <summary>Names of applications, those that were typed first.</summary>
    public string[] AppsAfter(params IEnumerable<string> typed) => [.. typed.Concat(_apps).Distinct(StringComparer.Ordinal)];

    /// <summary>Files of the repository, those that were typed first.</summary>
    public string[] PathsAfter(params IEnumerable<string> typed) => [.. typed.Concat(_paths).Distinct(StringComparer.Ordinal)];
}
