using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>Binds claims to volumes.</summary>
internal sealed class ClaimBinder : Controller
{
    internal const string BindCompleted = "pv.kubernetes.io/bind-completed";
    internal const string BoundByController = "pv.kubernetes.io/bound-by-controller";
    internal const string SelectedNode = "volume.kubernetes.io/selected-node";

    private readonly Informer _claims;
    private readonly Informer _volumes;
    private readonly StorageClasses _classes;

    public ClaimBinder(ControllerHost host)
        : base(host, "persistentvolume-controller")
    {
        _claims = Watch(Types.PersistentVolumeClaim);

        // A volume that changes may be what somebody waits for, and the claim of one that goes is lost.
        _volumes = Watch(Types.PersistentVolume, (ObjectChange change) => _claims.All
            .Where(claim => Cells.Text(claim, "status.phase") != "Bound" || (change.After is null && Cells.Text(claim, "spec.volumeName") == Cells.Text(change.Latest, "metadata.name"))).Select(ObjectName.Of));
        Watch(Types.StorageClass, (JsonObject _) => _claims.All.Where(claim => Cells.Text(claim, "status.phase") != "Bound").Select(ObjectName.Of));
        _classes = new StorageClasses(host);
    }

    // One volume must not be given to two claims.
    protected override int Workers => 1;

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_claims.Find(name) is not { } claim || claim["metadata"]?["deletionTimestamp"] is not null)
        {
            return null;
        }

        var wanted = Cells.Text(claim, "spec.volumeName");
        await (wanted.Length > 0 ? NamedAsync(claim, wanted, cancellationToken) : SearchAsync(claim, cancellationToken));
        return null;
    }

    private async Task NamedAsync(JsonObject claim, string wanted, CancellationToken cancellationToken)
    {
        var isBound = (string?)claim["metadata"]?["annotations"]?[BindCompleted] == "yes";
        if (_volumes.Find("", wanted) is not { } volume)
        {
            await (isBound ? LoseAsync(claim, "Bound claim has lost its PersistentVolume. Data on the volume is lost!", cancellationToken) : WaitAsync(claim, cancellationToken));
            return;
        }

        if (volume["spec"]?["claimRef"] is not null && !VolumeMatch.IsMeantFor(volume, claim))
        {
            if (isBound)
            {
                await LoseAsync(claim, "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!", cancellationToken);
                return;
            }

            await WaitAsync(claim, cancellationToken);
            Objects.Record(claim, "Warning", "FailedBinding", $"volume \"{wanted}\" already bound to a different claim.");
        }
        else if (!isBound && volume["spec"]?["claimRef"] is null && VolumeMatch.Mismatch(volume, claim) is { } mismatch)
        {
            await WaitAsync(claim, cancellationToken);
            Objects.Record(claim, "Warning", "VolumeMismatch", $"Cannot bind to requested volume \"{wanted}\": {mismatch}");
        }
        else if (Cells.Text(claim, "status.phase") != "Bound" || !isBound)
        {
            await BindAsync(claim, volume, cancellationToken);
        }
    }

    private async Task SearchAsync(JsonObject claim, CancellationToken cancellationToken)
    {
        if (claim["spec"]?["storageClassName"] is null && _classes.Default() is { } usual)
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["storageClassName"] = Cells.Text(usual, "metadata.name") } };
            await Objects.MergeAsync(Types.PersistentVolumeClaim, ObjectName.Of(claim), patch, cancellationToken);
            return;
        }

        var waits = _classes.Waits(claim) && (string?)claim["metadata"]?["annotations"]?[SelectedNode] is null;
        var volume = VolumeMatch.Best(claim, waits ? _volumes.All.Where(item => VolumeMatch.IsMeantFor(item, claim)) : _volumes.All);
        if (volume is not null)
        {
            await BindAsync(claim, volume, cancellationToken);
            return;
        }

        await WaitAsync(claim, cancellationToken);
        var (reason, message, type) = Reason(claim, waits);
        Objects.Record(claim, type, reason, message);
    }

    private (string Reason, string Message, string Type) Reason(JsonObject claim, bool waits)
    {
        var name = Cells.Text(claim, "spec.storageClassName");
        return waits ? ("WaitForFirstConsumer", "waiting for first consumer to be created before binding", "Normal")
            : name.Length == 0 ? ("FailedBinding", "no persistent volumes available for this claim and no storage class is set", "Normal")
            : _classes.Of(claim) is not { } found ? ("ProvisioningFailed", $"storageclass.storage.k8s.io \"{name}\" not found", "Warning")
            : _classes.IsProvisioned(claim) ? ("ExternalProvisioning", $"Waiting for a volume to be created either by the external provisioner '{Cells.Text(found, "provisioner")}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.", "Normal")
            : ("ProvisioningFailed", $"no volume plugin matched name: {Cells.Text(found, "provisioner")}", "Warning");
    }

    private async Task BindAsync(JsonObject claim, JsonObject volume, CancellationToken cancellationToken)
    {
        if (Cells.Text(volume, "spec.claimRef.uid") != Cells.Text(claim, "metadata.uid"))
        {
            volume = await Objects.ReplaceAsync(Types.PersistentVolume, Claimed(volume, claim), cancellationToken);
        }

        if (Cells.Text(volume, "status.phase") != "Bound")
        {
            await Objects.MergeStatusAsync(Types.PersistentVolume, ObjectName.Of(volume), new JsonObject { ["phase"] = "Bound" }, cancellationToken);
        }

        var bound = claim;
        if (Cells.Text(claim, "spec.volumeName").Length == 0 || (string?)claim["metadata"]?["annotations"]?[BindCompleted] != "yes")
        {
            var annotations = new JsonObject { [BindCompleted] = "yes" };
            if (Cells.Text(claim, "spec.volumeName").Length == 0)
            {
                annotations[BoundByController] = "yes";
            }

            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = annotations },
                ["spec"] = new JsonObject { ["volumeName"] = Cells.Text(volume, "metadata.name") },
            };
            bound = await Objects.MergeAsync(Types.PersistentVolumeClaim, ObjectName.Of(claim), patch, cancellationToken) ?? claim;
        }

        var status = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = Cells.At(volume, "spec.accessModes")?.DeepClone(),
            ["capacity"] = Cells.At(volume, "spec.capacity")?.DeepClone(),
        };
        await Objects.MergeStatusAsync(Types.PersistentVolumeClaim, ObjectName.Of(bound), status, cancellationToken);
    }

    private static JsonObject Claimed(JsonObject volume, JsonObject claim)
    {
        var result = volume.DeepClone().AsObject();
        var isOurs = result["spec"]!["claimRef"] is null;
        var (space, name) = ObjectName.Of(claim);
        result["spec"]!["claimRef"] = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["namespace"] = space,
            ["name"] = name,
            ["uid"] = Cells.Text(claim, "metadata.uid"),
            ["resourceVersion"] = Cells.Text(claim, "metadata.resourceVersion"),
        };
        if (isOurs)
        {
            if (result["metadata"]!["annotations"] is not JsonObject annotations)
            {
                result["metadata"]!["annotations"] = annotations = [];
            }

            annotations[BoundByController] = "yes";
        }

        return result;
    }

    private async Task WaitAsync(JsonObject claim, CancellationToken cancellationToken)
    {
        if (Cells.Text(claim, "status.phase") != "Pending")
        {
            await Objects.MergeStatusAsync(Types.PersistentVolumeClaim, ObjectName.Of(claim), new JsonObject { ["phase"] = "Pending" }, cancellationToken);
        }
    }

    private async Task LoseAsync(JsonObject claim, string message, CancellationToken cancellationToken)
    {
        if (Cells.Text(claim, "status.phase") != "Lost")
        {
            await Objects.MergeStatusAsync(Types.PersistentVolumeClaim, ObjectName.Of(claim), new JsonObject { ["phase"] = "Lost" }, cancellationToken);
            Objects.Record(claim, "Warning", "ClaimLost", message);
        }
    }
}
