using HomelabOps.Core.GitOps;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Topology;

namespace HomelabOps;

/// <summary>The folder of the manifests of a homelab.</summary>
internal static class RepositoryFolder
{
    /// <summary>What was typed, else the connection's, else that of homelab.yaml, else the working copy of the current location.</summary>
    /// <param name="typed">What was typed, as it was.</param>
    /// <param name="full">The same as an absolute path; null for nothing.</param>
    /// <param name="connection">The connection whose homelab is meant; null for none.</param>
    /// <param name="workingFolder">Where PowerShell is.</param>
    /// <exception cref="HomelabException">PathNotFound, RepositoryRequired, and those of homelab.yaml.</exception>
    public static string Find(string? typed, string? full, HomelabConnection? connection, string workingFolder)
    {
        if (full is not null)
        {
            return Directory.Exists(full) ? WorkingCopy.RootOf(full) ?? full : throw Core.Errors.PathNotFound(typed!);
        }

        return connection?.Repository
            ?? HomelabConfigFile.Load(connection?.ConfigPath, null, HomelabConfigEnvironment.Current with { WorkingFolder = workingFolder }).Repository
            ?? WorkingCopy.RootOf(workingFolder)
            ?? throw Core.Errors.RepositoryRequired();
    }

    /// <summary>Where commits for a cluster are made: what was typed, a folder or an address, else its own clone, else as <see cref="Find"/>.</summary>
    /// <param name="typed">What was typed, as it was; null for nothing.</param>
    /// <param name="full">Makes a path whole; an address is none.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="workingFolder">Where PowerShell is.</param>
    /// <exception cref="HomelabException">Those of <see cref="Find"/>.</exception>
    public static RepositoryLocation Locate(string? typed, Func<string?, string?> full, ClusterClient client, HomelabConfig config, string workingFolder) => typed is not null && RemoteAddress.IsAddress(typed)
        ? RepositoryLocation.OfRemote(typed, null)
        : RepositoryLocation.OfFolder(typed is null && Of(client, config) is { } own ? own : Find(typed, full(typed), Session.Default?.Connection, workingFolder));

    /// <summary>The clone that a cluster follows: the connection's, else the one that homelab.yaml names. That it is of another repository is noticed later.</summary>
    public static string? Of(ClusterClient client, HomelabConfig config) =>
        Session.Default is { Connection.Repository: { } own } connected && ReferenceEquals(connected.Client, client) ? own : config.Repository;
}
