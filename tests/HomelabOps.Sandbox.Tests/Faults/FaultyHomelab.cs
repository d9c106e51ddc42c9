using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>A small homelab that the tests of a class break and mend, one after the other.</summary>
public class FaultyHomelab : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Nudge = TimeSpan.FromMilliseconds(400);
    private EmbeddedHomelab? _homelab;

    public EmbeddedHomelab Homelab => _homelab ?? throw new InvalidOperationException("It was not started.");

    public HomelabFaults Faults => Homelab.Faults;

    /// <summary>How many applications it has.</summary>
    protected virtual int Apps => 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _homelab = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = Apps }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_homelab is not null)
        {
            await _homelab.DisposeAsync();
        }

        CleanUp();
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws away what is kept beside the homelab.</summary>
    protected virtual void CleanUp()
    {
    }

    /// <summary>Switches a fault on, waits for what it shows, switches it off and waits until all is well again.</summary>
    /// <param name="name">The fault.</param>
    /// <param name="target">What for; null for the usual one.</param>
    /// <param name="step">How far the clock jumps at a time while the symptoms are waited for.</param>
    /// <param name="symptoms">Each has to show at some time.</param>
    internal async Task ProveAsync(string name, string? target, TimeSpan step, params (string What, Func<EmbeddedHomelab, Task<bool>> Shows)[] symptoms)
    {
        await UntilWellAsync();
        await using var fault = await Faults.SwitchOnAsync(name, target, Stop);
        Assert.Contains(fault, Faults.On);
        Assert.True(await fault.IsInEffectAsync(Stop), $"{name} is not in effect.");
        foreach (var (what, shows) in symptoms)
        {
            await UntilAsync(() => shows(Homelab), $"{name}: {what}", step);
        }

        await fault.SwitchOffAsync(Stop);
        Assert.False(await fault.IsInEffectAsync(Stop), $"{name} is still in effect.");
        Assert.DoesNotContain(fault, Faults.On);
        await fault.SwitchOffAsync(Stop);
        await UntilWellAsync();
        Assert.True(Homelab.Host.Faults.Count == 0, string.Join('\n', Homelab.Host.Faults));
    }

    /// <summary>Waits until Flux, nodes, pods and claims are as they ought to be; time passes meanwhile.</summary>
    internal async Task UntilWellAsync()
    {
        var open = new List<string>();
        try
        {
            await UntilAsync(() => Task.FromResult((open = Unwell(Homelab).ToList()).Count == 0), "all is well", TimeSpan.FromSeconds(20));
        }
        catch (Exception)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', open.Concat(Homelab.Host.Faults)));
            throw;
        }
    }

    internal async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan step)
    {
        var end = DateTime.UtcNow + Patience;
        var next = DateTime.UtcNow + Nudge;
        while (!await holds())
        {
            if (DateTime.UtcNow >= end)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', Unwell(Homelab)));
                Assert.Fail($"It never came to this: {what}");
            }

            await Task.Delay(40, Stop);
            if (DateTime.UtcNow >= next)
            {
                Homelab.Clock.Advance(step);
                next = DateTime.UtcNow + Nudge;
            }
        }
    }

    /// <summary>The objects of a type.</summary>
    internal IEnumerable<JsonObject> All(ResourceType type) => Homelab.Host.Informer(type).All;

    /// <summary>The pods of an application.</summary>
    internal static IEnumerable<JsonObject> PodsOf(EmbeddedHomelab homelab, string app) =>
        homelab.Host.Informer(ResourceType.Pod).All.Where(pod => Cells.Text(pod, "metadata.labels.app") == app);

    /// <summary>Whether there is an event with this reason and these words.</summary>
    internal static async Task<bool> HasEventAsync(EmbeddedHomelab homelab, string reason, string words)
    {
        await foreach (var item in homelab.Client.ListAsync(ResourceType.Event, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Stop))
        {
            if (Cells.Text(item.Json, "reason") == reason && Cells.Text(item.Json, "message").Contains(words, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    internal static JsonObject? Condition(JsonObject? item, string type) => Cells.Items(item, "status.conditions").FirstOrDefault(condition => Cells.Text(condition, "type") == type);

    internal static bool IsReady(JsonObject? item) => Cells.Text(Condition(item, "Ready"), "status") == "True";

    private static IEnumerable<string> Unwell(EmbeddedHomelab homelab)
    {
        var host = homelab.Host;
        foreach (var type in (ReadOnlySpan<ResourceType>)[Types.GitRepository, Types.Kustomization, Types.HelmRelease, ResourceType.Node])
        {
            foreach (var item in host.Informer(type).All.Where(item => !IsReady(item)).ToArray())
            {
                return Others(homelab).Prepend($"{type.Kind} {ObjectName.Of(item)}: {Condition(item, "Ready")?.ToJsonString()}");
            }
        }

        return Others(homelab);
    }

    private static IEnumerable<string> Others(EmbeddedHomelab homelab)
    {
        var host = homelab.Host;
        var revision = host.Informer(Types.GitRepository).All.Select(item => Cells.Text(item, "status.artifact.revision")).FirstOrDefault("");
        var head = homelab.Repository.Tip();
        var behind = host.Informer(Types.Kustomization).All.Where(item => !Cells.Text(item, "status.lastAppliedRevision").EndsWith(head, StringComparison.Ordinal)).Select(item => $"Kustomization {ObjectName.Of(item)} is at {Cells.Text(item, "status.lastAppliedRevision")}, the source at {revision}, the branch at {head}");
        var pods = host.Informer(ResourceType.Pod).All.Where(pod => Cells.Text(pod, "status.phase") != "Succeeded" && (!IsReady(pod) || pod["metadata"]!["deletionTimestamp"] is not null))
            .Select(pod => $"Pod {ObjectName.Of(pod)}: {pod["status"]?.ToJsonString()}");
        var claims = host.Informer(Types.PersistentVolumeClaim).All.Where(claim => Cells.Text(claim, "status.phase") != "Bound").Select(claim => $"Claim {ObjectName.Of(claim)}");
        var nodes = host.Informer(ResourceType.Node).All.Where(node => Cells.Count(node, "spec.taints") > 0 || Cells.Items(node, "status.conditions").Any(condition => Cells.Text(condition, "type").EndsWith("Pressure", StringComparison.Ordinal) && Cells.Text(condition, "status") != "False"))
            .Select(node => $"Node {ObjectName.Of(node)}: {node["spec"]?.ToJsonString()}");
        var deployments = host.Informer(Types.Deployment).All.Where(item => Cells.Number(item, "status.readyReplicas") != Cells.Number(item, "spec.replicas") || Cells.Number(item, "status.observedGeneration") != Cells.Number(item, "metadata.generation"))
            .Select(item => $"Deployment {ObjectName.Of(item)}: {item["status"]?.ToJsonString()}");
        var devices = homelab.Replication.Syncthing;
        var behindPeers = host.Informer(Types.ReplicationSource).All.Select(ObjectName.Of)
            .Where(source => devices.Read(source, (device, _) => device.IsGone || device.Fault != SyncFault.None || device.Needed(device.Index).Any() || device.Global().Values.Any(item => item.IsConflict && !item.IsDeleted)))
            .Select(source => $"Syncthing {source} is not in sync");
        return [.. behindPeers, .. behind, .. pods, .. claims, .. nodes, .. deployments];
    }
}
