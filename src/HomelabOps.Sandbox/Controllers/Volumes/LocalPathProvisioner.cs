using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Volumes;

/// <summary>k3s' provisioner: a folder on the node of the first pod that uses the claim.</summary>
internal sealed class LocalPathProvisioner : Controller
{
    public const string Provisioner = "rancher.io/local-path";

    private readonly Informer _claims;
    private readonly StorageClasses _classes;

    public LocalPathProvisioner(ControllerHost host)
        : base(host, Provisioner)
    {
        _claims = Watch(Types.PersistentVolumeClaim);
        _classes = new StorageClasses(host);
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_claims.Find(name) is not { } claim || claim["metadata"]?["deletionTimestamp"] is not null || Cells.Text(claim, "spec.volumeName").Length > 0
            || _classes.Of(claim) is not { } found || Cells.Text(found, "provisioner") != Provisioner
            || (string?)claim["metadata"]?["annotations"]?[ClaimBinder.SelectedNode] is not { } node)
        {
            return null;
        }

        if (await Objects.CreateAsync(Types.PersistentVolume, Volume(claim, found, node), cancellationToken) is not null)
        {
            var volume = $"pvc-{Cells.Text(claim, "metadata.uid")}";
            Objects.Record(claim, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {volume}");
        }

        return null;
    }

    private static JsonObject Volume(JsonObject claim, JsonObject found, string node)
    {
        var ((space, name), uid) = (ObjectName.Of(claim), Cells.Text(claim, "metadata.uid"));
        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = $"pvc-{uid}", ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = Provisioner, ["local.path.provisioner/selected-node"] = node } },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = Cells.At(claim, "spec.accessModes")!.DeepClone(),
                ["capacity"] = new JsonObject { ["storage"] = Cells.Text(claim, "spec.resources.requests.storage") },
                ["claimRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = space, ["name"] = name, ["uid"] = uid },
                ["hostPath"] = new JsonObject { ["path"] = $"/var/lib/rancher/k3s/storage/pvc-{uid}_{space}_{name}", ["type"] = "DirectoryOrCreate" },
                ["nodeAffinity"] = new JsonObject
                {
                    ["required"] = new JsonObject
                    {
                        ["nodeSelectorTerms"] = new JsonArray(new JsonObject
                        {
                            ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = "kubernetes.io/hostname", ["operator"] = "In", ["values"] = new JsonArray(node) }),
                        }),
                    },
                },
                ["persistentVolumeReclaimPolicy"] = Cells.Text(found, "reclaimPolicy", "Delete"),
                ["storageClassName"] = Cells.Text(found, "metadata.name"),
                ["volumeMode"] = Cells.Text(claim, "spec.volumeMode", "Filesystem"),
            },
        };
    }
}
