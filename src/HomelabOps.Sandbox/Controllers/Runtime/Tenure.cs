using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Runtime;

/// <summary>
/// The time in which a controller works that runs in a pod itself: while one of its pods is ready on a node that has power and network.
/// All parts of a controller share one.
/// </summary>
internal sealed class Tenure : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Informer _pods;
    private readonly NodeWorld _nodes;
    private readonly string _namespace;
    private readonly Func<JsonObject, bool> _isOurs;
    private TaskCompletionSource _begun = New();
    private CancellationTokenSource _ended = new();

    /// <param name="host">Where the pods are seen; it has not started, and disposes of this.</param>
    /// <param name="nodes">What the pods run on.</param>
    /// <param name="namespace">The namespace of the pods.</param>
    /// <param name="isOurs">Which pods there are the controller's.</param>
    public Tenure(ControllerHost host, NodeWorld nodes, string @namespace, Func<JsonObject, bool> isOurs)
    {
        (_pods, _nodes, _namespace, _isOurs) = (host.Informer(ResourceType.Pod), nodes, @namespace, isOurs);
        _pods.OnChange(change =>
        {
            if (ObjectName.Of(change.Latest).Namespace == _namespace)
            {
                Look();
            }
        });
        nodes.OnChange(_ => Look());
        host.Own(this);
    }

    /// <summary>Called when it begins, also for the first time.</summary>
    public event EventHandler? Begun;

    /// <summary>Whether the controller works now.</summary>
    public bool IsHeld => _begun.Task.IsCompleted;

    /// <summary>The tenure of the pods of a Deployment.</summary>
    public static Tenure OfDeployment(ControllerHost host, NodeWorld nodes, string @namespace, string name) => new(
        host,
        nodes,
        @namespace,
        pod => Ownership.ControllerOf(pod) is { } owner && Text(owner, "name") == $"{name}-{(string?)pod["metadata"]?["labels"]?["pod-template-hash"]}");

    /// <summary>Waits until it begins.</summary>
    /// <returns>What is cancelled when it ends.</returns>
    public async Task<CancellationToken> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Volatile.Read(ref _begun).Task.WaitAsync(cancellationToken);
            lock (_lock)
            {
                if (IsHeld)
                {
                    return _ended.Token;
                }
            }
        }
    }

    public void Dispose() => _ended.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var works = _pods.In(_namespace).Any(Works);
            if (works == IsHeld)
            {
                return;
            }

            if (!works)
            {
                // Those who work are told apart from the watch, which others wait for.
                _ = _ended.CancelAsync();
                (_begun, _ended) = (New(), new());
                return;
            }

            _begun.SetResult();
        }

        Begun?.Invoke(this, EventArgs.Empty);
    }

    private bool Works(JsonObject pod) => _isOurs(pod)
        && !Ownership.IsDeleting(pod)
        && Conditions.IsReady(pod)
        && _nodes.Find(Text(pod, "spec.nodeName")) is { IsPowered: true, IsConnected: true };

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
