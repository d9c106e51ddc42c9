using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Topology;

namespace HomelabOps;

/// <summary>Where the user's charts have values of applications.</summary>
internal static class ChartValues
{
    /// <summary>What homelab.yaml names.</summary>
    /// <param name="folder">The repository's folder; null where only a remote is known.</param>
    /// <param name="workingFolder">Where PowerShell is.</param>
    /// <exception cref="Core.HomelabException">A homelab.yaml that cannot be read.</exception>
    public static IReadOnlyList<ValuePattern> Of(string? folder, string workingFolder)
    {
        var environment = HomelabConfigEnvironment.Current with { WorkingFolder = workingFolder };
        return [.. HomelabConfigFile.Load(Session.Default?.Connection.ConfigPath, folder, environment).ValuePaths.Select(path => new ValuePattern(path.Field, path.Path))];
    }
}
