using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>
/// Chooses an image for a probe pod. One that the node has needs no registry, which a node in trouble may not reach. A node
/// tells the names of its images, and not what is in them, so only those are taken that are known to have a shell.
/// </summary>
internal static class ProbeImages
{
    /// <summary>What is pulled where the node has none of the known ones.</summary>
    public const string Fallback = "docker.io/library/busybox:1.36";

    // The last part of the path, the best first: small ones, what k3s and Flux bring along, what homelabs run.
    private static readonly string[] Known =
    [
        "busybox", "mirrored-library-busybox", "alpine", "klipper-helm", "klipper-lb", "mirrored-library-traefik", "traefik",
        "source-controller", "kustomize-controller", "helm-controller", "notification-controller", "debian", "ubuntu", "volsync", "syncthing", "curl", "nginx", "redis",
    ];

    /// <summary>The name of an image that a node has and that will do, else <see cref="Fallback"/>.</summary>
    public static string Choose(NodeWire node)
    {
        var (best, rank) = (Fallback, int.MaxValue);
        foreach (var image in node.Status?.Images ?? [])
        {
            // With a tag where there is one: by a digest alone some runtimes do not find what they have.
            var names = (image.Names ?? []).Where(name => !name.Contains("<none>", StringComparison.Ordinal)).ToList();
            var name = names.Find(name => !name.Contains('@', StringComparison.Ordinal)) ?? names.FirstOrDefault() ?? "";
            var found = Array.IndexOf(Known, LastPart(name));
            if (found >= 0 && found < rank)
            {
                (best, rank) = (name, found);
            }
        }

        return best;
    }

    private static string LastPart(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return name.IndexOfAny([':', '@']) is >= 0 and var end ? name[..end] : name;
    }
}
