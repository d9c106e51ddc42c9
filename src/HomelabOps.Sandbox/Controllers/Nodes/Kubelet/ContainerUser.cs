using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>Whom the processes of a container run as: what it says itself comes before what its pod says.</summary>
internal static class ContainerUser
{
    /// <summary>The user with its groups. An image whose user is not known is taken to run as root.</summary>
    public static ProcessUser Of(JsonObject pod, JsonObject container)
    {
        var (user, group) = (Number(pod, container, "runAsUser") ?? 0, Number(pod, container, "runAsGroup") ?? 0);
        var context = pod["spec"]?["securityContext"];
        IEnumerable<long> more = [.. (context?["supplementalGroups"] as JsonArray ?? []).Select(item => (long)item!), .. context?["fsGroup"] is { } shared ? [(long)shared] : Array.Empty<long>()];
        return new(user, group, [.. more.Prepend(group).Distinct()]);
    }

    /// <summary>Why a kubelet does not make a container that must not run as root; null where it may.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="isRoot">Whether its image is known to run as root.</param>
    public static string? Violation(JsonObject pod, JsonObject container, bool isRoot)
    {
        if ((bool?)(container["securityContext"]?["runAsNonRoot"] ?? pod["spec"]?["securityContext"]?["runAsNonRoot"]) != true)
        {
            return null;
        }

        var about = $"(pod: \"{Cells.Text(pod, "metadata.name")}_{Cells.Text(pod, "metadata.namespace")}({Cells.Text(pod, "metadata.uid")})\", container: {Cells.Text(container, "name")})";
        return Number(pod, container, "runAsUser") switch
        {
            0 => $"container's runAsUser breaks non-root policy {about}",
            null when isRoot => $"container has runAsNonRoot and image will run as root {about}",
            _ => null,
        };
    }

    private static long? Number(JsonObject pod, JsonObject container, string field) =>
        (container["securityContext"]?[field] ?? pod["spec"]?["securityContext"]?[field]) is { } found ? long.Parse(found.ToString(), CultureInfo.InvariantCulture) : null;
}
