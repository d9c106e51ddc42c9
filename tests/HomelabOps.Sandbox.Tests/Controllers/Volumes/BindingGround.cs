using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Core.Volumes.Wire;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Volumes;

/// <summary>Makes all pairs in a cluster at once, says of each what is to come, and sees what comes.</summary>
/// <param name="client">A cluster with two nodes of the roles primary and backup, a binder and a scheduler.</param>
/// <param name="space">The namespace.</param>
internal sealed class BindingGround(ClusterClient client, string space)
{
    private const string Keep = "homelabops.test/keep";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // The binder looks at a claim as soon as it is there; what it did not take then it does not take.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);

    private readonly List<string> _volumes = [];
    private readonly List<string> _classes = [];

    public async Task<IReadOnlyDictionary<string, BindingOutcome>> RunAsync()
    {
        foreach (var pair in BindingPair.All.Values)
        {
            await PrepareAsync(pair);
        }

        await Cluster.UntilAsync(async () => (await ListAsync(VolumeTypes.Volume, null, VolumeWireContext.Default.VolumeWire)).TrueForAll(IsSettled), "all volumes have a phase", Patience);
        foreach (var deleted in BindingPair.All.Values.Where(pair => pair.IsDeleted))
        {
            await client.DeleteAsync(Types.PersistentVolume, null, $"{Id(deleted)}-v", new DeleteRequest(), Cluster.Stop);
        }

        var volumes = await ListAsync(VolumeTypes.Volume, null, VolumeWireContext.Default.VolumeWire);
        var classes = await ListAsync(VolumeTypes.Class, null, VolumeWireContext.Default.StorageClassWire);
        var nodes = await ListAsync(ResourceType.Node, null, WireContext.Default.NodeWire);
        var pods = await ListAsync(ResourceType.Pod, space, VolumeWireContext.Default.ConsumerWire);
        var consumers = pods.ConvertAll(pod => new Consumer(pod, Consumer.ClaimsOf(pod), ""));
        var said = new Dictionary<string, PvcBindingStatus>(StringComparer.Ordinal);
        foreach (var pair in BindingPair.All.Values)
        {
            var claim = JsonSerializer.Deserialize(await ClaimAsync(pair), VolumeWireContext.Default.ClaimWire)!;
            said[pair.Name] = BindingExplainer.Explain(claim, VolumeFacts.Of([claim], volumes, classes, nodes, consumers), client.Name);
        }

        await Cluster.UntilAsync(async () => (await ClaimsAsync()).Count(claim => claim.Status?.Phase == "Bound") >= BindingPair.All.Values.Count(pair => pair.Takes is not null), "what is to be bound is bound", Patience);
        await Task.Delay(Settling, Cluster.Stop);
        var after = (await ClaimsAsync()).ToDictionary(claim => claim.Metadata.Name, StringComparer.Ordinal);
        return BindingPair.All.Values.ToDictionary(pair => pair.Name, pair => new BindingOutcome(said[pair.Name], after[Id(pair)].Status?.Phase ?? "", after[Id(pair)].Status?.Phase == "Bound" ? after[Id(pair)].Spec!.VolumeName! : ""), StringComparer.Ordinal);
    }

    /// <summary>Takes away what is in no namespace.</summary>
    public async Task CleanAsync()
    {
        foreach (var volume in _volumes)
        {
            await client.PatchAsync(Types.PersistentVolume, null, volume, PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, CancellationToken.None);
            if (await client.FindObjectAsync(Types.PersistentVolume, null, volume, CancellationToken.None) is not null)
            {
                await client.DeleteAsync(Types.PersistentVolume, null, volume, new DeleteRequest(), CancellationToken.None);
            }
        }

        foreach (var item in _classes)
        {
            await client.DeleteAsync(Types.StorageClass, null, item, new DeleteRequest(), CancellationToken.None);
        }
    }

    /// <summary>Begins all names of a pair.</summary>
    public string Id(BindingPair pair) => $"{space}-{pair.Name}";

    private static bool IsSettled(VolumeWire volume) => volume.Status?.Phase is "Available" or "Released" or "Bound";

    private async Task PrepareAsync(BindingPair pair)
    {
        if (pair.Class?.Split(' ') is [var provisioner, var mode])
        {
            await client.CreateAsync(Types.StorageClass, null, Parse(pair, $"'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{{'name':'$class'}},'provisioner':'{provisioner}','volumeBindingMode':'{mode}'"), Cluster.Stop);
            _classes.Add($"{Id(pair)}-class");
        }

        foreach (var (letter, changes) in "vwx".Zip(pair.Volumes))
        {
            var spec = Parse(pair, "'capacity':{'storage':'5Gi'},'accessModes':['ReadWriteOnce'],'storageClassName':'$class','hostPath':{'path':'/srv/none'}");
            Change(spec, Parse(pair, changes));
            var metadata = spec["metadata"]?.DeepClone().AsObject() ?? [];
            spec.Remove("metadata");
            (metadata["name"], metadata["finalizers"]) = ($"{Id(pair)}-{letter}", pair.IsDeleted ? new JsonArray(Keep) : null);
            await client.CreateAsync(Types.PersistentVolume, null, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolume", ["metadata"] = metadata, ["spec"] = spec }, Cluster.Stop);
            _volumes.Add($"{Id(pair)}-{letter}");
        }

        if (pair.PodRole is { } role)
        {
            await client.CreateAsync(ResourceType.Pod, space, Parse(pair, $"'apiVersion':'v1','kind':'Pod','metadata':{{'name':'$id'}},'spec':{{'nodeSelector':{{'role':'{role}'}},'terminationGracePeriodSeconds':1,'containers':[{{'name':'c','image':'localhost/pause:1'}}],'volumes':[{{'name':'v','persistentVolumeClaim':{{'claimName':'$id'}}}}]}}"), Cluster.Stop);
        }
    }

    private async Task<JsonObject> ClaimAsync(BindingPair pair)
    {
        var spec = Parse(pair, "'accessModes':['ReadWriteOnce'],'storageClassName':'$class','resources':{'requests':{'storage':'5Gi'}}");
        Change(spec, Parse(pair, pair.Claim));
        return await client.CreateAsync(Types.PersistentVolumeClaim, space, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["metadata"] = new JsonObject { ["name"] = Id(pair) }, ["spec"] = spec }, Cluster.Stop);
    }

    private Task<List<ClaimWire>> ClaimsAsync() => ListAsync(VolumeTypes.Claim, space, VolumeWireContext.Default.ClaimWire);

    // Only what the pairs made: a lab is used by others as well.
    private async Task<List<T>> ListAsync<T>(ResourceType type, string? @namespace, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json)
        where T : ObjectWire
    {
        var items = new List<T>();
        await foreach (var item in client.ListAsync(type, new ListQuery { Namespace = @namespace }, json, cancellationToken: Cluster.Stop))
        {
            if (type == ResourceType.Node || item.Metadata.Name.StartsWith(space, StringComparison.Ordinal))
            {
                items.Add(item);
            }
        }

        return items;
    }

    private JsonObject Parse(BindingPair pair, string inside) => JsonNode.Parse($"{{{inside
        .Replace('\'', '"')
        .Replace("$class", Id(pair) + "-class", StringComparison.Ordinal)
        .Replace("$id", Id(pair), StringComparison.Ordinal)
        .Replace("$ns", space, StringComparison.Ordinal)}}}")!.AsObject();

    private static void Change(JsonObject spec, JsonObject changes)
    {
        foreach (var (key, value) in changes)
        {
            spec[key] = value?.DeepClone();
            if (value is null)
            {
                spec.Remove(key);
            }
        }
    }
}
