using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>Runs pods in no time: they are ready as soon as they have a node, and gone as soon as they are deleted.</summary>
internal sealed class TestKubelet : Controller
{
    private readonly Informer _pods;

    /// <param name="host">What all controllers share.</param>
    /// <param name="everywhere">Pods run without a node as well, where no scheduler is.</param>
    public TestKubelet(ControllerHost host, bool everywhere = false)
        : base(host, "kubelet")
    {
        Everywhere = everywhere;
        _pods = Watch(ResourceType.Pod);
    }

    /// <summary>Nodes whose pods nobody runs and nobody ends.</summary>
    public ConcurrentDictionary<string, bool> Dead { get; } = new(StringComparer.Ordinal);

    /// <summary>Images whose pods never become ready.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = new(StringComparer.Ordinal);

    private bool Everywhere { get; }

    protected override int Workers => 8;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_pods.Find(name) is not { } pod || Dead.ContainsKey(Text(pod, "spec.nodeName")) || (!Everywhere && Text(pod, "spec.nodeName").Length == 0))
        {
            return null;
        }

        if (Ownership.IsDeleting(pod))
        {
            await Objects.DeleteAsync(ResourceType.Pod, name, cancellationToken, new DeleteRequest { GracePeriodSeconds = 0, Uid = Ownership.Uid(pod) });
        }
        else if (Text(pod, "status.phase") == "Pending" && !Broken.ContainsKey(Text(Items(pod, "spec.containers").First(), "image")))
        {
            await Objects.MergeStatusAsync(ResourceType.Pod, name, RunningStatus(Clock.GetUtcNow(), name), cancellationToken);
        }

        return null;
    }

    /// <summary>The status of a pod that runs and is ready.</summary>
    public static JsonObject RunningStatus(DateTimeOffset now, ObjectName name) => new()
    {
        ["phase"] = "Running",
        ["podIP"] = $"10.42.{name.Name.Sum(character => character) % 250}.{name.Name[^1] % 250}",
        ["startTime"] = Timestamps.Format(now),
        ["conditions"] = new JsonArray(
            new JsonObject { ["type"] = "PodScheduled", ["status"] = "True", ["lastTransitionTime"] = Timestamps.Format(now) },
            new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastTransitionTime"] = Timestamps.Format(now) }),
    };
}
