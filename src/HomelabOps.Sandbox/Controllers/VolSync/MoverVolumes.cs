using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>The volumes of a mover.</summary>
internal static class MoverVolumes
{
    private static readonly TimeSpan BindTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Whether the mover works on the volume itself and not on a copy.</summary>
    public static bool IsDirect(MoverContext context) => Text(context.Spec, "copyMethod") is "Direct" or "None";

    /// <summary>The folder of a claim's volume on its node; empty where it has none.</summary>
    public static string FolderOf(MoverContext context, JsonObject? claim)
    {
        var volume = context.Cluster.Volumes.Find("", Text(claim, "spec.volumeName"));
        return Text(volume, "spec.local.path", Text(volume, "spec.hostPath.path"));
    }

    /// <summary>The claim that is read, which may be a copy; null while it is not ready.</summary>
    public static async Task<JsonObject?> SourceAsync(MoverContext context, string suffix, CancellationToken cancellationToken)
    {
        var source = context.Claim(Text(context.Owner, "spec.sourcePVC"));
        switch (Text(context.Spec, "copyMethod"))
        {
            case "Direct" or "None":
                return source;
            case "Clone":
                var clone = NewClaim($"volsync-{context.Name}-{suffix}", context.Spec, source);
                clone["spec"]!["dataSource"] = new JsonObject { ["kind"] = "PersistentVolumeClaim", ["name"] = Text(source, "metadata.name") };
                return await EnsureAsync(context, clone, isTemporary: true, $"created PersistentVolumeClaim/{Text(clone, "metadata.name")} as a clone of PersistentVolumeClaim/{Text(source, "metadata.name")}", cancellationToken);
            case "Snapshot":
                // The homelab's volumes are folders of nodes, which have no driver that could.
                throw new MoverException("no matches for kind \"VolumeSnapshot\" in version \"snapshot.storage.k8s.io/v1\"");
            case var other:
                throw new MoverException($"unsupported copyMethod: {other} -- must be Direct, None, Clone, or Snapshot");
        }
    }

    /// <summary>The claim that is written.</summary>
    public static async Task<JsonObject?> DestinationAsync(MoverContext context, string suffix, CancellationToken cancellationToken)
    {
        if (Text(context.Spec, "destinationPVC") is { Length: > 0 } provided)
        {
            return context.Claim(provided);
        }

        var claim = NewClaim($"volsync-{context.Name}-{suffix}", context.Spec, null);
        return await EnsureAsync(context, claim, (bool?)context.Spec["cleanupTempPVC"] == true, null, cancellationToken);
    }

    /// <summary>A claim of the mover's own, such as a cache.</summary>
    public static Task<JsonObject?> OwnAsync(MoverContext context, string name, string capacity, string? storageClass, JsonNode? accessModes, CancellationToken cancellationToken)
    {
        var spec = new JsonObject { ["capacity"] = capacity, ["accessModes"] = accessModes?.DeepClone() };
        if (storageClass is not null)
        {
            spec["storageClassName"] = storageClass;
        }

        return EnsureAsync(context, NewClaim(name, spec, null), isTemporary: false, null, cancellationToken);
    }

    /// <summary>What a destination says that it has received.</summary>
    /// <exception cref="MoverException">It should be a snapshot.</exception>
    public static JsonObject Image(MoverContext context, JsonObject claim) => IsDirect(context)
        ? new() { ["apiGroup"] = "", ["kind"] = "PersistentVolumeClaim", ["name"] = Text(claim, "metadata.name") }
        : throw new MoverException("no matches for kind \"VolumeSnapshot\" in version \"snapshot.storage.k8s.io/v1\"");

    private static JsonObject NewClaim(string name, JsonObject options, JsonObject? source)
    {
        var modes = (options["accessModes"] ?? source?["spec"]?["accessModes"]) as JsonArray is { Count: > 0 } found ? found : throw new MoverException("accessModes must be provided when destinationPVC is not");
        var capacity = Text(options, "capacity", Text(source, "status.capacity.storage", Text(source, "spec.resources.requests.storage")));
        if (capacity.Length == 0)
        {
            throw new MoverException("capacity must be provided when destinationPVC is not");
        }

        var claim = MoverContext.Named(name);
        var spec = new JsonObject { ["accessModes"] = modes.DeepClone(), ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = capacity } } };
        if ((options["storageClassName"] ?? source?["spec"]?["storageClassName"]) is { } storageClass)
        {
            spec["storageClassName"] = storageClass.DeepClone();
        }

        claim["spec"] = spec;
        return claim;
    }

    private static async Task<JsonObject?> EnsureAsync(MoverContext context, JsonObject wanted, bool isTemporary, string? created, CancellationToken cancellationToken)
    {
        var name = Text(wanted, "metadata.name");
        if (context.Cluster.Claims.Find(context.Namespace, name) is not null)
        {
            // Only its size may change.
            wanted["spec"] = new JsonObject { ["resources"] = wanted["spec"]!["resources"]!.DeepClone() };
        }

        var (claim, isNew) = await context.Objects.EnsureAsync(context.Cluster.Claims, wanted, isTemporary, cancellationToken);
        if (isNew)
        {
            context.Objects.Record("Normal", "PersistentVolumeClaimCreated", created ?? $"created PersistentVolumeClaim/{name} to receive incoming data");
        }
        else if (claim is not null && Text(claim, "status.phase") != "Bound" && Timestamps.Parse(Text(claim, "metadata.creationTimestamp")) + BindTimeout < context.Now)
        {
            context.Objects.Record("Warning", "PersistentVolumeClaimNotBound", $"waiting for PersistentVolumeClaim/{name} to bind; check StorageClass name and CSI driver capabilities");
        }

        return claim;
    }
}
