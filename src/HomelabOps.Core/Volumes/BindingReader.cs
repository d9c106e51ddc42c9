using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>Reads whether claims are bound, and why not.</summary>
public static class BindingReader
{
    /// <summary>Gives the claims by namespace and name.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which ones. Volumes without a claim are left out.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async IAsyncEnumerable<Streamed<PvcBindingStatus>> ReadAsync(ClusterClient client, VolumeQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var facts = await VolumeFacts.ReadAsync(client, query.ToListQuery(), cancellationToken);
        foreach (var notice in facts.Notices)
        {
            yield return notice;
        }

        var selection = new VolumeSelection(client, query);
        var claims = facts.Claims.ToDictionary(claim => (claim.Metadata.Namespace ?? "", claim.Metadata.Name));
        var explained = new VolumeMapper(facts, query.Config, client.Name).Map().Where(selection.Accepts).Where(row => row.Claim.Length > 0)
            .Select(row => BindingExplainer.Explain(claims[(row.Namespace, row.Claim)], facts, client.Name));
        if (query.Probe is not { } options)
        {
            foreach (var status in explained)
            {
                yield return status;
            }
        }
        else
        {
            var found = explained.Select(status => (Status: status, Volume: facts.Volumes.FirstOrDefault(volume => volume.Metadata.Name == status.Volume))).ToList();
            var paths = await VolumePaths.LookAsync(client, facts, found.Select(item => item.Volume).OfType<VolumeWire>(), options, cancellationToken);
            foreach (var (node, reason) in paths.Unreachable)
            {
                yield return new WarningNotice(Errors.NodeUnreachable(new(client.Name, "Node", "", node), reason).Message);
            }

            foreach (var (status, volume) in found)
            {
                yield return volume is null ? status : BindingExplainer.WithPaths(status, volume, paths.MissingOn(volume, facts));
            }
        }

        foreach (var error in await selection.MissingAsync(cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }
}
