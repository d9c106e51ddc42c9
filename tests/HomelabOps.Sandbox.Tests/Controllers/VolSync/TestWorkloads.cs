using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>The least of a controller manager and a kubelet: one pod for each Deployment and Job, which runs as its behaviour says.</summary>
internal sealed class TestWorkloads : Controller
{
    private readonly Informer _deployments;
    private readonly Informer _jobs;
    private readonly IContainerBehavior _behavior;
    private readonly Dictionary<string, DateTimeOffset> _started = new(StringComparer.Ordinal);

    public TestWorkloads(ControllerHost host, IContainerBehavior behavior)
        : base(host, "test-workloads")
    {
        _behavior = behavior;
        _deployments = Watch(Types.Deployment);
        _jobs = Watch(ResourceType.Job);
    }

    protected override int Workers => 1;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_deployments.Find(name) is { } deployment)
        {
            await RunAsync(deployment, $"{name.Name}-0", "Deployment", cancellationToken);
        }

        return _jobs.Find(name) is { } job ? await StepAsync(job, cancellationToken) : null;
    }

    private async Task<TimeSpan?> StepAsync(JsonObject job, CancellationToken cancellationToken)
    {
        var (name, failed) = (Text(job, "metadata.name"), Number(job, "status.failed"));
        if (Number(job, "spec.parallelism") == 0 || Number(job, "status.succeeded") > 0 || failed >= Number(job, "spec.backoffLimit"))
        {
            return null;
        }

        var podName = $"{name}-{Text(job, "metadata.uid")[..5]}{failed}";
        var pod = await RunAsync(job, podName, "Job", cancellationToken);
        Assert.True(_behavior.TryGet(pod, Text(Items(pod, "spec.containers").First(), "name"), out var behavior));
        if (!_started.TryGetValue(podName, out var start))
        {
            _started[podName] = start = Clock.GetUtcNow();
        }

        if (behavior.Begins is { } begins)
        {
            if (begins() is not { } begun)
            {
                return TimeSpan.FromSeconds(1);
            }

            start = begun > start ? begun : start;
        }

        var left = start + behavior.Duration - Clock.GetUtcNow();
        if (behavior.ExitCode is not { } code || left > TimeSpan.Zero)
        {
            return behavior.ExitCode is null ? null : left;
        }

        await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(pod), new JsonObject { ["phase"] = code == 0 ? "Succeeded" : "Failed" }, cancellationToken);
        await Objects.MergeStatusAsync(ResourceType.Job, ObjectName.Of(job), code == 0 ? new JsonObject { ["succeeded"] = 1 } : new JsonObject { ["failed"] = failed + 1 }, cancellationToken);
        return null;
    }

    private async Task<JsonObject> RunAsync(JsonObject owner, string name, string kind, CancellationToken cancellationToken)
    {
        var @namespace = Text(owner, "metadata.namespace");
        if (await Objects.Client.FindObjectAsync(ResourceType.Pod, @namespace, name, cancellationToken) is { } present)
        {
            return present;
        }

        var template = owner["spec"]!["template"]!.DeepClone().AsObject();
        var metadata = template["metadata"]!.AsObject();
        (metadata["name"], metadata["namespace"]) = (name, @namespace);
        if (kind == "Job")
        {
            metadata["labels"]!["job-name"] = Text(owner, "metadata.name");
        }

        metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = Text(owner, "apiVersion"), ["kind"] = kind, ["name"] = Text(owner, "metadata.name"), ["uid"] = Text(owner, "metadata.uid"), ["controller"] = true });
        template["spec"]!["nodeName"] = "k3s-w1";
        var created = await Objects.CreateAsync(ResourceType.Pod, template, cancellationToken);
        Assert.NotNull(created);
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = "10.42.0.9",
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        };
        return (await Objects.MergeStatusAsync(ResourceType.Pod, ObjectName.Of(created), status, cancellationToken))!;
    }

    /// <summary>Ends the pod of a Deployment, as if its node were gone.</summary>
    public static Task KillAsync(Cluster cluster, string @namespace, string deployment) =>
        cluster.Client.DeleteAsync(ResourceType.Pod, @namespace, $"{deployment}-0", new DeleteRequest { GracePeriodSeconds = 0 }, Cluster.Stop);
}
