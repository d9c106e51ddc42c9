using System.Diagnostics;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Events;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Workloads;

/// <summary>
/// Reads why pods hang before their first container: their own status never says it, only events do. They are asked for by the
/// pod, of few pods at a time, and only of those that hang; so a rollout that goes well asks for none.
/// </summary>
/// <param name="client">The cluster.</param>
/// <param name="lasting">How long after it was first seen something has to be said again, to need help.</param>
internal sealed class HangingPods(ClusterClient client, TimeSpan? lasting = null)
{
    private const int MostAtOnce = 3;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A Secret that a controller makes, or exports after a restart of their server, come in less.
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _lasting = lasting ?? Lasting;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Hang> _hangs = new(StringComparer.Ordinal);

    /// <summary>Looks again and again, until cancelled or not allowed.</summary>
    /// <param name="present">The pods that there are at the time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>An item whenever something was read.</returns>
    public async IAsyncEnumerable<bool> LookAsync(Func<IReadOnlyCollection<PodWire>> present, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var hang in Due(present()))
            {
                if (!await ReadAsync(hang, cancellationToken))
                {
                    yield break;
                }

                yield return false;
            }
        }
    }

    /// <summary>What keeps a pod from starting; null when nothing is known.</summary>
    /// <param name="pod">The pod.</param>
    /// <returns>The words of its events, and whether it needs help.</returns>
    public (RolloutTrouble Trouble, bool Stays)? Of(PodWire pod)
    {
        lock (_lock)
        {
            return IsHanging(pod) && _hangs.GetValueOrDefault(Key(pod)) is { Said: { } said } hang
                ? (new((pod.Metadata.Name, null), said.Reason ?? "", (said.Message ?? "").Trim()), hang.Stays)
                : null;
        }
    }

    // It has its node, and none of its containers has been there yet.
    private static bool IsHanging(PodWire pod) => pod is { Spec.NodeName.Length: > 0, Status.Phase: null or "Pending", Metadata.DeletionTimestamp: null }
        && (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).All(status => status.State is null or { Running: null, Terminated: null, Waiting.Reason: null or "ContainerCreating" or "PodInitializing" });

    // A pod of a StatefulSet has the name of the one before it.
    private static string Key(PodWire pod) => $"{pod.Metadata.Name} {pod.Metadata.Uid}";

    private List<Hang> Due(IReadOnlyCollection<PodWire> present)
    {
        lock (_lock)
        {
            var hanging = present.Where(IsHanging).ToDictionary(Key);
            foreach (var gone in _hangs.Keys.Where(key => !hanging.ContainsKey(key)).ToList())
            {
                _hangs.Remove(gone);
            }

            foreach (var (key, pod) in hanging)
            {
                _hangs.TryAdd(key, new(pod));
            }

            return [.. _hangs.Values.Where(hang => Stopwatch.GetElapsedTime(hang.Asked) >= Patience).OrderBy(hang => hang.Asked).Take(MostAtOnce)];
        }
    }

    // False when it may not be read.
    private async Task<bool> ReadAsync(Hang hang, CancellationToken cancellationToken)
    {
        var metadata = hang.Pod.Metadata;
        var about = new ListQuery { Namespace = metadata.Namespace, FieldSelector = $"involvedObject.kind=Pod,involvedObject.name={metadata.Name},involvedObject.uid={metadata.Uid}" };
        var events = new List<EventWire>();
        try
        {
            await foreach (var item in client.ListAsync(ResourceType.Event, about, WireContext.Default.EventWire, cancellationToken: cancellationToken))
            {
                events.Add(item);
            }
        }
        catch (HomelabException error)
        {
            // The pods are watched all the same, and whoever waits is told by them that the server is away.
            hang.Asked = Stopwatch.GetTimestamp();
            return error.Kind != ErrorKind.PermissionDenied;
        }

        lock (_lock)
        {
            hang.Take(events, _lasting);
        }

        return true;
    }

    private sealed class Hang(PodWire pod)
    {
        private readonly Dictionary<string, Saying> _sayings = new(StringComparer.Ordinal);

        public PodWire Pod => pod;

        public long Asked { get; set; } = Stopwatch.GetTimestamp();

        public EventWire? Said { get; private set; }

        public bool Stays { get; private set; }

        // What is missing may have come since it was said: a Secret that another controller makes, or somebody who waits now. So it
        // counts when it is said again, and not within the first tries, between which the kubelet hardly waits.
        public void Take(IReadOnlyCollection<EventWire> events, TimeSpan lasting)
        {
            Asked = Stopwatch.GetTimestamp();
            Said = StartWarnings.Telling(Present(events).OrderByDescending(EventMapper.TimeOf));
            if (Said is null || !StartWarnings.Stays(Said))
            {
                Stays = false;
                return;
            }

            var stamp = (Said.Series?.Count ?? Said.Count, EventMapper.TimeOf(Said));
            if (!_sayings.TryGetValue(Said.Metadata.Name, out var saying))
            {
                _sayings.Add(Said.Metadata.Name, saying = new(Asked, stamp));
            }

            if (saying.Stamp != stamp)
            {
                (saying.Stamp, saying.Stays) = (stamp, Stopwatch.GetElapsedTime(saying.First, Asked) >= lasting);
            }

            Stays = saying.Stays;
        }

        // Images are pulled once the volumes are there: what was said of them before is over.
        private static IEnumerable<EventWire> Present(IReadOnlyCollection<EventWire> events)
        {
            var pulled = events.Where(item => item.Reason is "Pulling" or "Pulled").Max(EventMapper.TimeOf);
            return events.Where(item => pulled is null || EventMapper.TimeOf(item) is not { } time || time > pulled);
        }
    }

    // What one event was when it was first seen, and since.
    private sealed class Saying(long first, (int? Count, DateTimeOffset? Time) stamp)
    {
        public long First => first;

        public (int? Count, DateTimeOffset? Time) Stamp { get; set; } = stamp;

        public bool Stays { get; set; }
    }
}
