using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>
/// The probe pods of one command: makes them, follows all of them with one watch, and deletes each, whatever happens. What
/// a process left that was killed is removed by the next run.
/// </summary>
internal sealed class ProbeRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly DeleteRequest AtOnce = new() { GracePeriodSeconds = 0 };

    private readonly ClusterClient _client;
    private readonly ProbeOptions _options;
    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly ConcurrentDictionary<string, ProbePod> _pods = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _deleting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private HomelabException? _failure;
    private Task _sweeping = Task.CompletedTask;
    private int _swept;

    public ProbeRun(ClusterClient client, ProbeOptions options)
    {
        (_client, _options) = (client, options);
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>Makes a pod on a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="command">What runs in the pod.</param>
    /// <param name="cancellationToken">Asked before anything is made; what has been asked of the server is waited for, since it must be deleted.</param>
    /// <exception cref="ProbeFailure">The node is not ready, or its namespace takes no such pods.</exception>
    /// <exception cref="HomelabException">AccessDenied: pods may not be created. NamespaceNotFound. And what any request may fail with.</exception>
    public async Task<ProbePod> StartAsync(NodeWire node, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        if (node.Status?.Conditions?.Find(condition => condition.Type == "Ready") is not { Status: "True" } ready)
        {
            var why = node.Status?.Conditions?.Find(condition => condition.Type == "Ready");
            throw new ProbeFailure(Errors.Text("Detail_ProbeNodeNotReady", why?.Reason, why?.Message));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var image = _options.Image ?? ProbeImages.Choose(node);
        var pod = new ProbePod(_client, node, $"{ProbePodSpec.NameValue}-{_run}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", image, _options);
        _pods[pod.Name] = pod;
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw failure;
        }

        try
        {
            using var limit = new CancellationTokenSource(_options.Timeout);
            var made = await _client.CreateAsync(ResourceType.Pod, _options.Namespace, ProbePodSpec.Make(pod.Name, _run, pod.Node, image, command, _options), limit.Token);
            if (DateTimeOffset.TryParse((string?)made["metadata"]?["creationTimestamp"], CultureInfo.InvariantCulture, out var now) && Interlocked.Exchange(ref _swept, 1) == 0)
            {
                // The clock of the server, which also wrote when the others were made.
                _sweeping = Farewells.Add(SweepAsync(now));
            }

            return pod;
        }
        catch (HomelabException error) when (error is { Kind: ErrorKind.PermissionDenied, ServerText: { } said } && !said.Contains("cannot create resource", StringComparison.Ordinal))
        {
            throw new ProbeFailure(Errors.Text("Detail_ProbeRefused", _options.Namespace, said), ProbeFailureKind.Refused);
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ObjectNotFound)
        {
            throw Errors.ObjectNotFound(_client.Name, "Namespace", "namespace", _options.Namespace, null);
        }
        catch (OperationCanceledException)
        {
            throw new ProbeFailure(pod.Progress(_options.Timeout), ProbeFailureKind.Slow);
        }
    }

    /// <summary>Begins to delete a pod, which the end of the run waits for. What cannot be deleted ends by itself, and the next run removes it.</summary>
    public void Delete(ProbePod pod)
    {
        if (_pods.TryRemove(pod.Name, out _))
        {
            _deleting.Add(Farewells.Add(DeleteAsync(pod.Name, null)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods.Values)
        {
            Delete(pod);
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_deleting);
        await ((Task)_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sweeping;
        _stop.Dispose();
    }

    private async Task DeleteAsync(string name, string? uid)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await _client.DeleteAsync(ResourceType.Pod, _options.Namespace, name, AtOnce with { Uid = uid }, limit.Token);
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // It was never made, is gone already, or ends by itself.
        }
    }

    // Of others only what is past its deadline, or has had nobody read its log for longer than anybody who lives takes for it.
    private async Task SweepAsync(DateTimeOffset now)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var query = new ListQuery { Namespace = _options.Namespace, LabelSelector = $"{ProbePodSpec.NameLabel}={ProbePodSpec.NameValue},{ProbePodSpec.RunLabel}!={_run}" };
            await foreach (var pod in _client.ListAsync(ResourceType.Pod, query, WireContext.Default.PodWire, cancellationToken: limit.Token))
            {
                var ended = pod.Status?.ContainerStatuses is [{ State.Terminated.FinishedAt: { } at }, ..] ? at + Patience : DateTimeOffset.MaxValue;
                var overdue = pod.Metadata.CreationTimestamp + TimeSpan.FromSeconds(pod.Spec?.ActiveDeadlineSeconds ?? 0);
                if (now > ended || now > overdue)
                {
                    await DeleteAsync(pod.Metadata.Name, pod.Metadata.Uid);
                }
            }
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // The next run tries again.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var query = new ListQuery { Namespace = _options.Namespace, LabelSelector = $"{ProbePodSpec.RunLabel}={_run}" };
            await foreach (var change in _client.WatchAsync(ResourceType.Pod, query, WireContext.Default.PodWire, cancellationToken))
            {
                if (change.Object is { } pod && _pods.TryGetValue(pod.Metadata.Name, out var probe))
                {
                    probe.Update(change.Kind == WatchEventKind.Deleted ? null : pod);
                }
            }
        }
        catch (HomelabException error)
        {
            Volatile.Write(ref _failure, error);
            foreach (var pod in _pods.Values)
            {
                pod.Abandon(error);
            }
        }
    }
}
