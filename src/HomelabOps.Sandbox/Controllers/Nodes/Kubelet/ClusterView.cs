using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What kubelets know of the cluster beside their pods.</summary>
internal sealed class ClusterView(ControllerHost host)
{
    public Informer Pods { get; } = host.Informer(ResourceType.Pod);

    public Informer Nodes { get; } = host.Informer(ResourceType.Node);

    public Informer ConfigMaps { get; } = host.Informer(Types.ConfigMap);

    public Informer Secrets { get; } = host.Informer(Types.Secret);

    public Informer Claims { get; } = host.Informer(Types.PersistentVolumeClaim);

    public Informer Volumes { get; } = host.Informer(Types.PersistentVolume);

    public Informer Services { get; } = host.Informer(Types.Service);

    public Informer Slices { get; } = host.Informer(Types.EndpointSlice);

    /// <summary>The volume that a claim is bound to, or null.</summary>
    public JsonObject? VolumeOf(JsonObject? claim) =>
        Cells.Text(claim, "status.phase") == "Bound" && Cells.Text(claim, "spec.volumeName") is { Length: > 0 } name ? Volumes.Find("", name) : null;
}
