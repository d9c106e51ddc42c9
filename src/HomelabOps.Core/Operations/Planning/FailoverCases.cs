using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>Finds out of each application what has to be exchanged to move it.</summary>
/// <param name="volumes">All claims with their volumes.</param>
/// <param name="replications">All replications.</param>
/// <param name="config">What is primary and what is backup.</param>
internal sealed class FailoverCases(IReadOnlyList<HomelabVolume> volumes, IReadOnlyList<ReplicationStatus> replications, HomelabConfig config)
{
    private readonly Dictionary<(string Namespace, string Claim), HomelabVolume> _volumes = volumes.Where(volume => volume.Claim.Length > 0).ToDictionary(volume => (volume.Namespace, volume.Claim));

    /// <summary>The case of an application.</summary>
    /// <param name="app">The application.</param>
    /// <param name="workload">What makes its pods.</param>
    /// <param name="from">The node that it is to leave; null for the one that it is on.</param>
    /// <param name="to">The node that it is to come to; null for the other side.</param>
    public FailoverCase Of(HomelabApp app, Workload workload, string? from, string? to)
    {
        var home = app.Node.Length > 0 ? app.Node : app.HomeNode;
        var source = from ?? (home.Length > 0 ? home : config.PrimaryNode);
        var target = to ?? (source == config.BackupNode && from is not null ? config.PrimaryNode : config.BackupNode);
        var (moves, unpaired, arrived) = (new List<ClaimMove>(), new List<string>(), new List<string>());
        foreach (var name in workload.Claims)
        {
            var volume = _volumes.GetValueOrDefault((app.Namespace, name));
            if (volume is { Phase: "Bound", Node: "" } && !volume.Path.StartsWith('/'))
            {
                // Several nodes can mount it, so it comes along.
                continue;
            }

            if (volume?.Node == target)
            {
                arrived.Add(name);
            }
            else if (OtherOf(app.Namespace, name, target) is { } other)
            {
                moves.Add(new(name, volume, other, _volumes.GetValueOrDefault((app.Namespace, other))));
            }
            else
            {
                unpaired.Add(name);
            }
        }

        var claims = moves.SelectMany(move => new[] { move.Claim, move.Other }).ToHashSet(StringComparer.Ordinal);
        return new(app, workload, source, target)
        {
            Claims = moves,
            Unpaired = unpaired,
            Arrived = arrived,
            Replications = [.. replications.Where(replication => replication.Namespace == app.Namespace && (claims.Contains(replication.SourcePvc) || (replication.DestinationPvc.Length > 0 && claims.Contains(replication.DestinationPvc))))],
        };
    }

    // What copies the one into the other knows best; else they are called as homelab.yaml says.
    private string? OtherOf(string @namespace, string claim, string target)
    {
        var copied = replications.Where(replication => replication.Namespace == @namespace)
            .Select(replication => replication.SourcePvc == claim ? replication.DestinationPvc : replication.DestinationPvc == claim ? replication.SourcePvc : "")
            .Where(other => other.Length > 0 && other != claim).Distinct(StringComparer.Ordinal).ToList();
        if (copied.Find(other => _volumes.GetValueOrDefault((@namespace, other))?.Node == target) is { } there)
        {
            return there;
        }

        var app = ClaimPattern.AppOf(claim, config);
        var called = app is null ? null : new[] { new ClaimPattern(config.BackupClaimPattern).NameOf(app), new ClaimPattern(config.ClaimPattern).NameOf(app) }.FirstOrDefault(other => other != claim);
        return called is not null && (copied.Count == 0 || copied.Contains(called)) ? called : copied.FirstOrDefault();
    }
}
