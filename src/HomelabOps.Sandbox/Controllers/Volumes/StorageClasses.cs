using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>What the classes of storage say.</summary>
internal sealed class StorageClasses(ControllerHost host)
{
    private readonly Informer _classes = host.Informer(Types.StorageClass);

    /// <summary>The class of a claim; null when it asks for none, or for one that does not exist.</summary>
    public JsonObject? Of(JsonObject claim) => VolumeMatch.ClassOf(claim) is { Length: > 0 } name ? _classes.Find("", name) : null;

    /// <summary>Whether a claim is bound only when a pod that uses it has been given a node.</summary>
    public bool Waits(JsonObject claim) => Of(claim) is { } found && Cells.Text(found, "volumeBindingMode") == "WaitForFirstConsumer";

    /// <summary>Whether somebody makes volumes of a claim's class.</summary>
    public bool IsProvisioned(JsonObject claim) => Of(claim) is { } found && Cells.Text(found, "provisioner") is not ("" or "kubernetes.io/no-provisioner");

    /// <summary>The newest of the classes that are marked as the default; null when there is none.</summary>
    public JsonObject? Default() => _classes.All
        .Where(item => (string?)item["metadata"]?["annotations"]?["storageclass.kubernetes.io/is-default-class"] == "true")
        .OrderByDescending(item => Cells.Text(item, "metadata.creationTimestamp"), StringComparer.Ordinal).ThenBy(item => Cells.Text(item, "metadata.name"), StringComparer.Ordinal).FirstOrDefault();
}
