using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Kubernetes.Pods;

/// <summary>Evicts pods through the API server, which keeps to their PodDisruptionBudgets.</summary>
/// <param name="client">The cluster.</param>
/// <param name="version">Version of the eviction that the server takes.</param>
/// <param name="journal">Where the evictions are written down.</param>
internal sealed class PodEvictor(ClusterClient client, string version, ChangeJournal journal)
{
    /// <summary>How long it is waited before something that was refused is asked for again.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An evictor for a cluster. Kubernetes before 1.22 knows evictions by their former version only.</summary>
    public static async Task<PodEvictor> ForAsync(ClusterClient client, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var core = await client.GetAsync("api/v1", WireContext.Default.ApiResourceListWire, new ApiRequest("get", "/api/v1"), cancellationToken);
        var eviction = core.Resources.Find(resource => resource.Name == "pods/eviction");
        return new(client, eviction is { Group: { Length: > 0 } group, Version: { Length: > 0 } served } ? $"{group}/{served}" : "policy/v1", journal);
    }

    /// <summary>Why the server refused an eviction: the budget with its numbers, where it was one.</summary>
    public static string Reason(HomelabException error) => error.ServerCause ?? error.ServerText ?? error.Message;

    /// <summary>Evicts this very pod, and not a successor of its name. A pod that is gone already is as good.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="refused">Told each time why it has to wait; null to give up at the first refusal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="HomelabException">What keeps it from being evicted: the last refusal of a budget, AccessDenied, JournalUnwritable.</exception>
    public Task EvictAsync(PodWire pod, Action<string>? refused, CancellationToken cancellationToken)
    {
        var entry = new JournalEntry { Cluster = client.Name, Kind = "Pod", Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Change = "Evict", Undo = JournalUndo.None("PodEviction") };
        return journal.RunAsync(entry, async () =>
        {
            while (await TryAsync(pod, cancellationToken) is { } error)
            {
                if (refused is null || !MayPass(error))
                {
                    throw error;
                }

                refused(Reason(error));
                try
                {
                    await Task.Delay(Pause, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    // Nothing is under way, so it is certain that it was not evicted.
                    throw error;
                }
            }

            return true;
        });
    }

    // A budget may allow it later, and an API server may come back.
    private static bool MayPass(HomelabException error) => error.ServerStatus switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,

        // Of a namespace that is being deleted, with the pod: it goes by itself.
        HttpStatusCode.Forbidden => error.ServerCause?.EndsWith("is being terminated", StringComparison.Ordinal) == true,
        null => error.Kind is ErrorKind.ConnectionError or ErrorKind.OperationTimeout,
        _ => false,
    };

    private async Task<HomelabException?> TryAsync(PodWire pod, CancellationToken cancellationToken)
    {
        var (space, name) = (pod.Metadata.Namespace, pod.Metadata.Name);
        var body = new JsonObject
        {
            ["apiVersion"] = version,
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
            ["deleteOptions"] = new DeleteRequest { Uid = pod.Metadata.Uid }.ToBody(),
        };
        try
        {
            await client.CreatePartAsync(ResourceType.Pod, space, name, body, new WriteOptions { Subresource = "eviction", Attempts = 1 }, cancellationToken);
            return null;
        }
        catch (HomelabException error) when (error.ServerStatus == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (HomelabException error) when (error.ServerStatus == HttpStatusCode.Conflict)
        {
            var present = await client.FindAsync(ResourceType.Pod, space, name, WireContext.Default.PartialObjectWire, cancellationToken);
            return present?.Metadata.Uid == pod.Metadata.Uid ? error : null;
        }
        catch (HomelabException error)
        {
            return error;
        }
    }
}
