using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>Says of each volume whether it is to be had, and deletes those whose claim is gone where that is their policy.</summary>
internal sealed class VolumeReclaimer : Controller
{
    private readonly Informer _volumes;
    private readonly Informer _claims;

    public VolumeReclaimer(ControllerHost host)
        : base(host, "persistentvolume-controller")
    {
        _volumes = Watch(Types.PersistentVolume);
        _claims = Watch(Types.PersistentVolumeClaim, change => change.After is null ? VolumesOf(change.Latest) : []);
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_volumes.Find(name) is not { } volume)
        {
            return null;
        }

        var phase = Phase(volume);
        if (phase is not null && phase != Cells.Text(volume, "status.phase"))
        {
            await Objects.MergeStatusAsync(Types.PersistentVolume, name, new JsonObject { ["phase"] = phase }, cancellationToken);
        }

        // What the provisioner made is deleted with its claim; a volume made by hand has no deleter, and fails as in a real cluster.
        if (phase == "Released" && Cells.Text(volume, "spec.persistentVolumeReclaimPolicy") == "Delete" && volume["metadata"]?["deletionTimestamp"] is null)
        {
            if ((string?)volume["metadata"]?["annotations"]?["pv.kubernetes.io/provisioned-by"] is not null)
            {
                await Objects.DeleteAsync(Types.PersistentVolume, name, cancellationToken);
            }
            else
            {
                Objects.Record(volume, "Warning", "VolumeFailedDelete", "error getting deleter volume plugin for volume: no deletable volume plugin matched");
            }
        }

        return null;
    }

    // Null while it is bound: that is the binder's to say.
    private string? Phase(JsonObject volume)
    {
        if (volume["spec"]?["claimRef"] is not { } reference || Cells.Text(reference, "uid") is not { Length: > 0 } uid)
        {
            return "Available";
        }

        var claim = _claims.Find(Cells.Text(reference, "namespace"), Cells.Text(reference, "name"));
        return claim is null || Cells.Text(claim, "metadata.uid") != uid ? "Released" : null;
    }

    private IEnumerable<ObjectName> VolumesOf(JsonObject claim) =>
        _volumes.All.Where(volume => Cells.Text(volume, "spec.claimRef.uid") == Cells.Text(claim, "metadata.uid")).Select(ObjectName.Of);
}
