using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Topology;

/// <summary>Finds out the topology from a cluster and from the manifests of its repository.</summary>
public static class TopologyDiscovery
{
    /// <summary>Gives what is uncertain as warnings, then the settings.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="repository">Folder of the Git working copy; null when none is known.</param>
    /// <param name="written">The settings of an existing file, which keep what cannot be discovered; null when there is none.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<HomelabConfig>> DiscoverAsync(
        ClusterClient client,
        string? repository,
        HomelabConfig? written,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var facts = new TopologyFacts();
        foreach (var notice in await ClusterFacts.ReadAsync(client, facts, cancellationToken))
        {
            yield return notice;
        }

        // After the cluster, whose objects count more than what the manifests say of them.
        repository ??= written?.Repository;
        foreach (var notice in repository is null ? [] : RepositoryFacts.Read(repository, facts, cancellationToken))
        {
            yield return notice;
        }

        var findings = Find(facts, repository, written);
        foreach (var notice in findings.Notices)
        {
            yield return notice;
        }

        yield return findings.Config;
    }

    /// <summary>The settings by the facts alone.</summary>
    internal static TopologyFindings Find(TopologyFacts facts, string? repository, HomelabConfig? written)
    {
        var findings = new TopologyFindings(written ?? new HomelabConfig());
        ClaimRules.Apply(facts, findings);
        NodeRules.Apply(facts, findings);
        PathRules.Apply(facts, findings);
        OwnerRules.Apply(facts, findings);
        if (repository is not null)
        {
            findings.Config = findings.Config with { Repository = Path.TrimEndingDirectorySeparator(Path.GetFullPath(repository)) };
        }

        if (written is not null)
        {
            TellChanges(written, findings);
        }

        return findings;
    }

    // Somebody may have written the old value on purpose.
    private static void TellChanges(HomelabConfig written, TopologyFindings findings)
    {
        var config = findings.Config;
        foreach (var (key, old, now) in new[]
        {
            ("primaryNode", written.PrimaryNode, config.PrimaryNode),
            ("backupNode", written.BackupNode, config.BackupNode),
            ("nodeRoleLabel", written.NodeRoleLabel, config.NodeRoleLabel),
            ("podStoragePath", written.PodStoragePath, config.PodStoragePath),
            ("claimPattern", written.ClaimPattern, config.ClaimPattern),
            ("backupClaimPattern", written.BackupClaimPattern, config.BackupClaimPattern),
            ("syncthingSelector", written.SyncthingSelector, config.SyncthingSelector),
            ("storageKustomization", written.StorageKustomization, config.StorageKustomization),
            ("fluxNamespace", written.FluxNamespace, config.FluxNamespace),
            ("metalLBNamespace", written.MetalLBNamespace, config.MetalLBNamespace),
        })
        {
            if (old != now)
            {
                findings.Warn("TopologySettingChanged", key, old, now);
            }
        }
    }
}
