using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Applies manifests on the server, in an order in which each finds what it needs.</summary>
/// <param name="client">The cluster.</param>
/// <param name="journal">Where the changes are written down.</param>
internal sealed class ObjectApply(ClusterClient client, ChangeJournal journal)
{
    // As flux itself, so that what bootstrap applied and what is applied here have one owner.
    private static readonly WriteOptions Options = new() { FieldManager = "flux", Force = true };
    private static readonly string[] Order = ["Namespace", "CustomResourceDefinition", "ResourceQuota", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "NetworkPolicy", "Service"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Applies objects; definitions are waited for before what they define.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="HomelabException">KindNotFound, and what the server refuses.</exception>
    public async Task<int> RunAsync(IReadOnlyList<JsonObject> objects, CancellationToken cancellationToken)
    {
        foreach (var stage in objects.GroupBy(item => Rank(ObjectText.Kind(item))).OrderBy(stage => stage.Key))
        {
            foreach (var item in stage)
            {
                await ApplyAsync(item, cancellationToken);
            }

            if (ObjectText.Kind(stage.First()) == "CustomResourceDefinition")
            {
                foreach (var item in stage)
                {
                    await EstablishedAsync(ObjectText.Name(item), cancellationToken);
                }

                await client.Discovery.ForgetAsync(cancellationToken);
            }
        }

        return objects.Count;
    }

    private static int Rank(string kind) => Array.IndexOf(Order, kind) is >= 0 and var rank ? rank : Order.Length;

    private async Task ApplyAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var (version, kind) = (Scalars.Text(item["apiVersion"]) ?? "", ObjectText.Kind(item));
        var group = version.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? version[..slash] : "";
        var type = (await client.Discovery.ResourcesAsync([group], cancellationToken)).FirstOrDefault(served => served.Kind == kind)?.Type ?? throw Errors.KindNotFound(client.Name, kind, []);
        var space = type.Namespaced ? ObjectText.Namespace(item) : null;
        var entry = new JournalEntry { Cluster = client.Name, Kind = kind, Namespace = space ?? "", Name = ObjectText.Name(item), Change = "apply", Undo = JournalUndo.None("RestoreCluster") };
        await journal.RunAsync(entry, () => client.PatchAsync(type, space, ObjectText.Name(item), PatchKind.Apply, item.DeepClone(), cancellationToken, Options));
    }

    // What is not established yet is not served, whatever the answer to the apply was.
    private async Task EstablishedAsync(string name, CancellationToken cancellationToken)
    {
        while (await client.FindObjectAsync(ResourceType.CustomResourceDefinition, null, name, cancellationToken) is { } definition
            && !(definition["status"]?["conditions"] as JsonArray ?? []).Any(condition => Scalars.Text(condition?["type"]) == "Established" && Scalars.Text(condition?["status"]) == "True"))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
