using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Volumes;

/// <summary>Volumes that still belong to a claim which was deleted, so that no new claim gets them.</summary>
internal static class ReleasedVolumes
{
    private static readonly WriteOptions Options = new() { FieldManager = "homelabops" };

    /// <summary>Finds those of claims that have no other volume by now.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="claims">The claims as namespace and name; an empty namespace stands for every one.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<IReadOnlyList<ReleasedVolume>> FindAsync(ClusterClient client, IReadOnlyCollection<(string Namespace, string Name)> claims, CancellationToken cancellationToken)
    {
        var found = new List<ReleasedVolume>();
        await foreach (var item in client.ListAsync(VolumeTypes.Volume, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            if (item.Json is { } volume && (string?)volume["status"]?["phase"] == "Released" && volume["spec"]?["claimRef"] is JsonObject claim
                && ((string?)claim["namespace"], (string?)claim["name"]) is ({ } space, { } name) && claims.Any(wanted => wanted.Name == name && (wanted.Namespace.Length == 0 || wanted.Namespace == space)))
            {
                found.Add(new((string)volume["metadata"]!["name"]!, space, name, (string?)claim["uid"], (string?)volume["metadata"]!["resourceVersion"]));
            }
        }

        if (found.Count > 0)
        {
            var bound = await BoundAsync(client, cancellationToken);
            found.RemoveAll(volume => bound.Contains((volume.ClaimNamespace, volume.ClaimName)));
        }

        return found;
    }

    /// <summary>Lets a new claim of the same name have the volume, and no other: only what names the deleted one is taken out.</summary>
    /// <exception cref="HomelabException">ResourceConflict: somebody else changed it meanwhile.</exception>
    public static Task<JsonObject> ClearAsync(ClusterClient client, ReleasedVolume volume, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = volume.Version },
            ["spec"] = new JsonObject { ["claimRef"] = new JsonObject { ["uid"] = null, ["resourceVersion"] = null } },
        };
        var undo = new JsonObject { ["spec"] = new JsonObject { ["claimRef"] = new JsonObject { ["uid"] = volume.ClaimUid } } };
        return journal.RunAsync(
            new JournalEntry { Cluster = client.Name, Kind = VolumeTypes.Volume.Kind, Name = volume.Name, Change = patch.ToJsonString(), Undo = JournalUndo.MergePatch(undo.ToJsonString()) },
            () => client.PatchAsync(VolumeTypes.Volume, null, volume.Name, PatchKind.Merge, patch, cancellationToken, Options));
    }

    private static async Task<HashSet<(string Namespace, string Name)>> BoundAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var bound = new HashSet<(string, string)>();
        await foreach (var item in client.ListAsync(VolumeTypes.Claim, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            if (item.Json is { } claim && (string?)claim["status"]?["phase"] == "Bound")
            {
                bound.Add(((string)claim["metadata"]!["namespace"]!, (string)claim["metadata"]!["name"]!));
            }
        }

        return bound;
    }
}
