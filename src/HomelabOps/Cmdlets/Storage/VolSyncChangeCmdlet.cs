using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that act on VolSync's replications of every mover.</summary>
public abstract class VolSyncChangeCmdlet : ReplicationChangeCmdlet
{
    private protected override void Act(ClusterClient client, ObjectQuery objects, IReadOnlyList<ResourceReference> references)
    {
        var config = Config();
        var found = new List<ReplicationStatus>();
        Drain(stop => ReplicationReader.ReadAsync(client, new() { Objects = objects, References = references, Apps = App, Config = config }, stop), found.Add);
        ForEach(Unambiguous(found, objects, item => item.Reference, item => item.App), item => Change(client, item, config));
    }

    /// <summary>Whether it was asked for by its name, and not by an application or a wildcard, which mean whatever there is.</summary>
    private protected bool IsNamed(ReplicationStatus target) => ParameterSetName != ByName || Name.Any(name => !name.IsWildcard && name.Matches(target.Kind, target.Namespace, target.Name));

    /// <summary>Changes one replication.</summary>
    private protected abstract void Change(ClusterClient client, ReplicationStatus target, HomelabConfig config);

    /// <summary>Waits for a change, and gives the replication as it is then.</summary>
    private protected void WriteAfter(ClusterClient client, ReplicationStatus target, HomelabConfig config, Func<CancellationToken, Task<Notice?>> change)
    {
        if (Await(change) is { } notice)
        {
            Rendering.Notices.Write(this, notice);
        }

        Drain(stop => ReplicationReader.ReadAsync(client, new() { References = [target.Reference], Config = config }, stop));
    }
}
