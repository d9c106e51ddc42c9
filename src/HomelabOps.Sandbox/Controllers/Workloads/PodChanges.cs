using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Makes and deletes the pods of owners of one type, tells events about it, and remembers what is on its way.</summary>
internal sealed class PodChanges(ControllerHost host, ObjectClient objects, ResourceType type)
{
    private readonly ConcurrentDictionary<string, long> _ordinals = new(StringComparer.Ordinal);

    public Expectations Expectations { get; } = new(host.Clock);

    /// <summary>A name for the next pod of this owner that no pod had before.</summary>
    public string NextName(JsonObject owner, Informer pods, string prefix)
    {
        var (place, uid) = (ObjectName.Of(owner), Ownership.Uid(owner));
        while (true)
        {
            var ordinal = _ordinals.AddOrUpdate(uid, 0, static (_, last) => last + 1);
            var name = Limited(prefix) + NameSuffix.Of(host.Seed, $"{type.Kind}/{place}", ordinal);
            if (pods.Find(place.Namespace, name) is null)
            {
                return name;
            }
        }
    }

    /// <summary>Makes a pod. A refusal is told in an event and thrown.</summary>
    public async Task<JsonObject?> CreateAsync(JsonObject owner, JsonObject pod, CancellationToken cancellationToken)
    {
        var (uid, name) = (Ownership.Uid(owner), Text(pod, "metadata.name"));
        Expectations.Creating(uid, name);
        try
        {
            var created = await objects.CreateAsync(ResourceType.Pod, pod, cancellationToken);
            if (created is null)
            {
                Expectations.Failed(uid, name);
                return null;
            }

            objects.Record(owner, "Normal", "SuccessfulCreate", Told("create", owner, name));
            return created;
        }
        catch (HomelabException error)
        {
            Expectations.Failed(uid, name);
            objects.Record(owner, "Warning", "FailedCreate", $"Error creating: {error.ServerText ?? error.Message}");
            throw;
        }
    }

    /// <summary>Deletes a pod.</summary>
    public async Task DeleteAsync(JsonObject owner, JsonObject pod, CancellationToken cancellationToken)
    {
        var (uid, podUid) = (Ownership.Uid(owner), Ownership.Uid(pod));
        Expectations.Deleting(uid, podUid);
        try
        {
            if (await objects.DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken, new DeleteRequest { Uid = podUid }) is null)
            {
                Expectations.Failed(uid, podUid);
                return;
            }

            objects.Record(owner, "Normal", "SuccessfulDelete", Told("delete", owner, Text(pod, "metadata.name")));
        }
        catch (HomelabException)
        {
            Expectations.Failed(uid, podUid);
            throw;
        }
    }

    /// <summary>The owner is gone.</summary>
    public void Forget(string uid)
    {
        _ordinals.TryRemove(uid, out _);
        Expectations.Forget(uid);
    }

    // A StatefulSet has words of its own.
    private string Told(string what, JsonObject owner, string pod) =>
        type == Types.StatefulSet ? $"{what} Pod {pod} in StatefulSet {Text(owner, "metadata.name")} successful" : $"{(what == "create" ? "Created" : "Deleted")} pod: {pod}";

    private static string Limited(string prefix) => prefix[..Math.Min(prefix.Length, 58)];
}
