using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Reads pods.</summary>
public static class PodReader
{
    /// <summary>Gives the pods while they arrive.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which pods.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async IAsyncEnumerable<Streamed<HomelabPod>> ReadAsync(
        ClusterClient client,
        PodQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var selection = new PodSelection(client, query);
        var owners = new JobOwners(client);
        await foreach (var (pod, owner) in ReadWiresAsync(client, query.ToListQuery(), selection.Objects, owners, cancellationToken))
        {
            var record = PodMapper.Map(pod, client.Name, owner);
            if (selection.Accepts(record))
            {
                yield return record;
            }
        }

        foreach (var error in await selection.MissingAsync(cancellationToken))
        {
            yield return new FailureNotice(error);
        }
    }

    /// <summary>Gives the pods as they are, then each that changes, until cancelled.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">Which pods.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async IAsyncEnumerable<Streamed<HomelabPod>> WatchAsync(
        ClusterClient client,
        PodQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        var selection = new PodSelection(client, query);
        var owners = new JobOwners(client);
        var shown = new HashSet<ResourceReference>();
        await foreach (var change in client.WatchAsync(ResourceType.Pod, query.ToListQuery(), WireContext.Default.PodWire, cancellationToken))
        {
            if (change.Object is not { } pod || !selection.Objects.Accepts("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name))
            {
                continue;
            }

            var record = PodMapper.Map(pod, client.Name, await owners.TopAsync(pod.Metadata, cancellationToken));
            if (change.Kind == WatchEventKind.Deleted)
            {
                record = record with { Status = "Deleted", Ready = false, Healthy = false };
            }

            // A pod that was given because of its state is given once more when it leaves it.
            var isWanted = change.Kind != WatchEventKind.Deleted && selection.Accepts(record);
            var wasShown = isWanted ? !shown.Add(record.Reference) : shown.Remove(record.Reference);
            if (isWanted || wasShown)
            {
                yield return record;
            }
        }
    }

    /// <summary>The pods with all that is read of them, for services that need more than the record.</summary>
    internal static async IAsyncEnumerable<(PodWire Pod, ResourceReference? Owner)> ReadWiresAsync(
        ClusterClient client,
        ListQuery query,
        ObjectFilter filter,
        JobOwners owners,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pod in client.ListAsync(ResourceType.Pod, query, WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            if (filter.Accepts("Pod", pod.Metadata.Namespace ?? "", pod.Metadata.Name))
            {
                yield return (pod, await owners.TopAsync(pod.Metadata, cancellationToken));
            }
        }
    }

    /// <summary>Knows which CronJob a Job belongs to. Asks only when there is a pod of a Job.</summary>
    internal sealed class JobOwners(ClusterClient client)
    {
        private Dictionary<(string Namespace, string Name), ResourceReference>? _cronJobs;

        public async ValueTask<ResourceReference?> TopAsync(MetadataWire metadata, CancellationToken cancellationToken)
        {
            if (metadata.OwnerReferences?.Exists(owner => owner is { Controller: true, Kind: "Job" }) == true)
            {
                _cronJobs ??= await ReadAsync(cancellationToken);
            }

            return Ownership.Top(metadata, client.Name, (space, job) => _cronJobs?.GetValueOrDefault((space, job)));
        }

        private async Task<Dictionary<(string Namespace, string Name), ResourceReference>> ReadAsync(CancellationToken cancellationToken)
        {
            var found = new Dictionary<(string Namespace, string Name), ResourceReference>();
            try
            {
                await foreach (var job in client.ListAsync(ResourceType.Job, new ListQuery(), WireContext.Default.PartialObjectWire, accept: NameReader.MetadataOnly, cancellationToken: cancellationToken))
                {
                    if (Ownership.Top(job.Metadata, client.Name) is { Kind: "CronJob" } owner)
                    {
                        found[(owner.Namespace, job.Metadata.Name)] = owner;
                    }
                }
            }
            catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
            {
                // Who may read pods but not jobs sees the Job as the owner, which is true as well.
            }

            return found;
        }
    }
}
