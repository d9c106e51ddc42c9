using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What kubelets know of the cluster beside their pods.</summary>
internal sealed class ClusterView(ControllerHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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

    /// <summary>
    /// Ends when what a new pod refers to is known here, as far as the server has it: each type comes by a watch of its own, so a pod can
    /// be seen before what was created ahead of it. A kubelet asks the server for what a new pod mounts.
    /// </summary>
    public async Task CatchUpAsync(JsonObject pod, CancellationToken cancellationToken)
    {
        var @namespace = Cells.Text(pod, "metadata.namespace");
        foreach (var (informer, name) in References(pod).Distinct())
        {
            if (informer.Find(@namespace, name) is null && await host.Client.FindObjectAsync(informer.Type, @namespace, name, cancellationToken) is { } present)
            {
                await informer.ReachedAsync(Informer.Version(present), Patience, cancellationToken);
            }
        }
    }

    private IEnumerable<(Informer Informer, string Name)> References(JsonObject pod)
    {
        var volumes = Cells.Items(pod, "spec.volumes").ToList();
        var containers = Cells.Items(pod, "spec.initContainers").Concat(Cells.Items(pod, "spec.containers")).ToList();
        var variables = containers.SelectMany(container => Cells.Items(container, "env")).Select(variable => variable["valueFrom"]).OfType<JsonObject>();
        var sources = volumes.Concat(volumes.SelectMany(volume => Cells.Items(volume, "projected.sources"))).Concat(containers.SelectMany(container => Cells.Items(container, "envFrom"))).Concat(variables);
        (Informer Informer, string Path)[] places =
        [
            (ConfigMaps, "configMap.name"), (ConfigMaps, "configMapRef.name"), (ConfigMaps, "configMapKeyRef.name"),
            (Secrets, "secret.secretName"), (Secrets, "secret.name"), (Secrets, "secretRef.name"), (Secrets, "secretKeyRef.name"),
            (Claims, "persistentVolumeClaim.claimName"),
        ];
        return sources.SelectMany(source => places.Select(place => (place.Informer, Name: Cells.Text(source, place.Path)))).Where(reference => reference.Name.Length > 0);
    }
}
