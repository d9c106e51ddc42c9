using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.Volumes;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>The claims of a pod: where its volumes are decides where it can run.</summary>
internal sealed class PodVolumes(ControllerHost host)
{
    private readonly Informer _claims = host.Informer(Types.PersistentVolumeClaim);
    private readonly Informer _volumes = host.Informer(Types.PersistentVolume);
    private readonly StorageClasses _classes = new(host);

    /// <summary>The claims that a pod names, those of its ephemeral volumes included.</summary>
    public static IEnumerable<ObjectName> ClaimsOf(JsonObject pod)
    {
        var (space, name) = ObjectName.Of(pod);
        foreach (var volume in Cells.Items(pod, "spec.volumes"))
        {
            if (Cells.Text(volume, "persistentVolumeClaim.claimName") is { Length: > 0 } claim)
            {
                yield return new(space, claim);
            }
            else if (volume["ephemeral"] is not null)
            {
                yield return new(space, $"{name}-{Cells.Text(volume, "name")}");
            }
        }
    }

    /// <summary>What keeps the pod from every node, and whether that is so for each pod whose claims are new; null when nothing does.</summary>
    public (string Text, bool MayPass)? Obstacle(JsonObject pod)
    {
        foreach (var name in ClaimsOf(pod))
        {
            if (_claims.Find(name) is not { } claim)
            {
                return ($"persistentvolumeclaim \"{name.Name}\" not found", true);
            }

            if (claim["metadata"]?["deletionTimestamp"] is not null)
            {
                return ($"persistentvolumeclaim \"{name.Name}\" is being deleted", false);
            }

            if (Cells.Text(claim, "status.phase") == "Lost")
            {
                return ($"persistentvolumeclaim \"{name.Name}\" bound to non-existent persistentvolume \"{Cells.Text(claim, "spec.volumeName")}\"", false);
            }

            // A claim that names its volume waits for nobody, whatever its class says; and a kubelet mounts none that is only half bound.
            var isOpen = IsBound(claim) ? Cells.Text(claim, "status.phase") != "Bound" : !_classes.Waits(claim) || Cells.Text(claim, "spec.volumeName").Length > 0;
            if (isOpen)
            {
                return ("pod has unbound immediate PersistentVolumeClaims", true);
            }
        }

        return null;
    }

    /// <summary>Why a node cannot have the pod's volumes; null when it can.</summary>
    public string? Refusal(JsonObject pod, JsonObject node)
    {
        foreach (var claim in ClaimsOf(pod).Select(_claims.Find).OfType<JsonObject>())
        {
            if (IsBound(claim))
            {
                if (_volumes.Find("", Cells.Text(claim, "spec.volumeName")) is not { } volume)
                {
                    return "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
                }

                if (!VolumeMatch.Reaches(volume, node))
                {
                    return "node(s) had volume node affinity conflict";
                }
            }
            else if (VolumeMatch.Best(claim, _volumes.All, node) is null && !_classes.IsProvisioned(claim))
            {
                return "node(s) didn't find available persistent volumes to bind";
            }
        }

        return null;
    }

    /// <summary>Lets the claims that waited for a node be bound there.</summary>
    /// <returns>True when all are bound already, so that the pod can go.</returns>
    public async Task<bool> ChooseAsync(ObjectClient objects, JsonObject pod, string node, CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var claim in ClaimsOf(pod).Select(_claims.Find).OfType<JsonObject>().Where(claim => !IsBound(claim)))
        {
            all = false;
            if ((string?)claim["metadata"]?["annotations"]?[ClaimBinder.SelectedNode] != node)
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ClaimBinder.SelectedNode] = node } } };
                await objects.MergeAsync(Types.PersistentVolumeClaim, ObjectName.Of(claim), patch, cancellationToken);
            }
        }

        return all;
    }

    private static bool IsBound(JsonObject claim) => Cells.Text(claim, "spec.volumeName").Length > 0 && (string?)claim["metadata"]?["annotations"]?[ClaimBinder.BindCompleted] == "yes";
}
