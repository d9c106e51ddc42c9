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
internal sealed class HangingPods(ClusterClient client)
{
    private const int MostAtOnce = 3;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

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
        var about = new ListQuery { Namespace = metadata.Namespace, FieldSelector = $"involvedObject.kind=Pod,involvedObject.name={metadata.Name},involvedObject.uid={metadata.Uid},type=Warning" };
        var warnings = new List<EventWire>();
        try
        {
            await foreach (var warning in client.ListAsync(ResourceType.Event, about, WireContext.Default.EventWire, cancellationToken: cancellationToken))
            {
                warnings.Add(warning);
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
            hang.Take(warnings);
        }

        return true;
    }

    private sealed class Hang(PodWire pod)
    {
        private readonly Dictionary<string, (int? Count, DateTimeOffset? Time)> _first = new(StringComparer.Ordinal);

        public PodWire Pod => pod;

        public long Asked { get; set; } = Stopwatch.GetTimestamp();

        public EventWire? Said { get; private set; }

        public bool Stays { get; private set; }

        // What is missing may have come since it was said: a Secret that another controller makes, or somebody who waits now. So it
        // counts when it is said again.
        public void Take(IEnumerable<EventWire> warnings)
        {
            Asked = Stopwatch.GetTimestamp();
            Said = StartWarnings.Telling(warnings.OrderByDescending(EventMapper.TimeOf));
            if (Said is null || !StartWarnings.Stays(Said))
            {
                Stays = false;
                return;
            }

            var stamp = (Said.Series?.Count ?? Said.Count, EventMapper.TimeOf(Said));
            Stays = !_first.TryAdd(Said.Metadata.Name, stamp) && _first[Said.Metadata.Name] != stamp;
        }
    }
}
