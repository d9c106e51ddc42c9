using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Discovery;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>What of a cluster is worth copying: not what lasts a moment, nor what controllers make of the rest.</summary>
internal static class CopySelection
{
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal)
    {
        "events", "events.events.k8s.io", "leases.coordination.k8s.io", "certificatesigningrequests.certificates.k8s.io", "apiservices.apiregistration.k8s.io",
        "csinodes.storage.k8s.io", "csistoragecapacities.storage.k8s.io", "volumeattachments.storage.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",

        // The same objects under the name that they had once.
        "ingresses.extensions",
    };

    /// <summary>Whether a kind is copied. What cannot be created is measured or asked, and no object.</summary>
    public static bool Wants(ServedResource type) => type.Verbs.Contains("create") && !LeftOut.Contains(type.Type.QualifiedName);

    /// <summary>The objects of a cluster that are copied.</summary>
    /// <param name="kinds">All of its objects.</param>
    public static IReadOnlyList<CopiedKind> Of(IReadOnlyList<CopiedKind> kinds)
    {
        var services = kinds.Where(kind => kind.Type.QualifiedName == "services").SelectMany(kind => kind.Objects)
            .Where(service => service["spec"]?["selector"] is JsonObject { Count: > 0 }).Select(Key).ToHashSet();
        return [.. kinds.Select(kind => kind with { Objects = [.. kind.Objects.Where(item => Keeps(kind.Type.QualifiedName, item, services))] })];
    }

    private static bool Keeps(string resource, JsonObject item, HashSet<(string, string)> services) => item["metadata"]?["deletionTimestamp"] is null && resource switch
    {
        "pods" => ControllerOf(item) is null && item["metadata"]?["annotations"]?["kubernetes.io/config.mirror"] is null,
        "jobs.batch" => ControllerOf(item) is null,
        "endpoints" => !services.Contains(Key(item)),
        "endpointslices.discovery.k8s.io" => ControllerOf(item) is null && item["metadata"]?["labels"]?["endpointslice.kubernetes.io/managed-by"] is null,

        // Helm keeps all values in its own, and VolSync makes what its movers need.
        "secrets" => (string?)item["type"] != "helm.sh/release.v1" && ControllerOf(item) is not ("ReplicationSource" or "ReplicationDestination"),
        _ => true,
    };

    private static string? ControllerOf(JsonObject item) => (item["metadata"]?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>()
        .Where(owner => (bool?)owner["controller"] == true).Select(owner => (string?)owner["kind"] ?? "").FirstOrDefault();

    private static (string, string) Key(JsonObject item) => ((string?)item["metadata"]?["namespace"] ?? "", (string?)item["metadata"]?["name"] ?? "");
}
