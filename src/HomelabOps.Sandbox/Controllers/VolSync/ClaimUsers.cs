using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Which pods use which claim, so that nobody has to go through all pods.</summary>
internal sealed class ClaimUsers
{
    private readonly ConcurrentDictionary<ObjectName, ConcurrentDictionary<ObjectName, JsonObject>> _pods = new();
    private readonly ConcurrentDictionary<ObjectName, bool> _placed = new();

    public ClaimUsers(Informer pods) => pods.OnChange(change =>
    {
        foreach (var claim in ClaimsOf(change.Latest))
        {
            var users = _pods.GetOrAdd(claim, _ => new());
            if (change.After is { } pod)
            {
                users[ObjectName.Of(pod)] = pod;
                if (Text(pod, "spec.nodeName").Length > 0)
                {
                    _placed[claim] = true;
                }
            }
            else
            {
                users.TryRemove(ObjectName.Of(change.Latest), out _);
            }
        }
    });

    /// <summary>The pods that use a claim, by name. Its own copy is taken first: ordering a dictionary that grows meanwhile fails.</summary>
    public IEnumerable<JsonObject> Of(ObjectName claim) => _pods.TryGetValue(claim, out var users) ? users.ToArray().OrderBy(user => user.Key.Name, StringComparer.Ordinal).Select(user => user.Value) : [];

    /// <summary>Whether a pod with a node uses a claim, or has used it.</summary>
    public bool HavePlaced(ObjectName claim) => _placed.ContainsKey(claim);

    /// <summary>The claims that a pod uses.</summary>
    public static IEnumerable<ObjectName> ClaimsOf(JsonObject pod) => Items(pod, "spec.volumes")
        .Select(volume => Text(volume, "persistentVolumeClaim.claimName"))
        .Where(name => name.Length > 0)
        .Select(name => new ObjectName(Text(pod, "metadata.namespace"), name));
}
