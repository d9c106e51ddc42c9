using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>
/// Claims that stay Pending, each for another reason. An application is given a new claim, and a new volume where there is one: claims
/// that are bound cannot be changed.
/// </summary>
internal static class ClaimFaults
{
    public static IEnumerable<FaultDefinition> All =>
    [
        Of("PvcNoVolume", "No volume is there for the claim, and no class is set: FailedBinding.", new(), null),
        Of("PvcVolumeMissing", "The claim names a volume that does not exist.", new() { IsNamed = true }, null),
        Of("PvcTooSmall", "The volume is smaller than the claim asks for: VolumeMismatch.", new() { IsNamed = true }, new() { Size = "1Gi" }),
        Of("PvcClass", "The volume is of another class than the claim: VolumeMismatch.", new() { IsNamed = true, Class = "local-path" }, new()),
        Of("PvcClassMissing", "The claim asks for a class that does not exist: ProvisioningFailed.", new() { Class = "fast-nvme" }, null),
        Of("PvcAccessMode", "The claim asks for an access mode that the volume does not have: VolumeMismatch.", new() { IsNamed = true, Mode = "ReadWriteMany" }, new()),
        Of("PvcVolumeMode", "The claim asks for a block device and the volume is a file system: VolumeMismatch.", new() { IsNamed = true, Extra = "volumeMode: Block\n" }, new()),
        Of("PvcSelector", "The labels of the volume are not those that the claim selects: FailedBinding.", new() { Extra = "selector:\n  matchLabels:\n    tier: fast\n" }, new()),
        Of("PvcAlreadyBound", "The claim names a volume that another claim has: FailedBinding.", new() { IsNamed = true, Volume = app => $"pv-{app.Name}-{Roles.Backup}" }, null),
        Of("PvcReleased", "The volume was another claim's, and still names it: FailedBinding.", new() { IsNamed = true }, new() { Uid = "5d0c1f5e-8a7b-4c9d-9e21-3f6a7b8c9d0e" }),
        NodeAffinity,
    ];

    // The half of a failover: the claim of one side, with a pod of the other.
    private static FaultDefinition NodeAffinity => new(
        new("PvcNodeAffinity", FaultTargetKind.App, "The pod is given the claim of the other node while it still has to run on this one: bound, and FailedScheduling for the volume's node affinity."),
        Targets.Apps,
        (scene, target, stop) => CommitEffect.MakeAsync(scene, $"Use the copy of {target}", stop, UseClaim(scene.App(target), $"pvc-{target}-{Roles.Backup}")));

    private static FaultDefinition Of(string name, string description, ClaimForm claim, VolumeForm? volume) => new(
        new(name, FaultTargetKind.App, description),
        Targets.Apps,
        (scene, target, stop) =>
        {
            var app = scene.App(target);
            var (folder, storage) = (HomelabManifests.FolderOf(app), $"{HomelabManifests.Root}/infrastructure/storage");
            List<FileEdit> edits =
            [
                FileEdit.Add($"{folder}/pvc-library.yaml", claim.Manifest(app)),
                FileEdit.Of($"{folder}/{Kustomizations.FileName}", text => ManifestText.InsertAfter(text, "- pvc.yaml", "- pvc-library.yaml")),
                UseClaim(app, $"pvc-{app.Name}-library"),
            ];
            if (volume is not null)
            {
                edits.Add(FileEdit.Add($"{storage}/pv-{app.Name}-library.yaml", volume.Manifest(app)));
                edits.Add(FileEdit.Of($"{storage}/{Kustomizations.FileName}", text => ManifestText.InsertAfter(text, $"- pv-{app.Name}-{Roles.Primary}.yaml", $"- pv-{app.Name}-library.yaml")));
            }

            return CommitEffect.MakeAsync(scene, $"Move the data of {app.Name}", stop, [.. edits]);
        });

    private static FileEdit UseClaim(PlannedApp app, string claim) =>
        FileEdit.Of($"{HomelabManifests.FolderOf(app)}/{AppManifests.WorkloadFile(app)}", text => ManifestText.Set(text, "", "claimName", _ => claim));

    /// <summary>What the new claim asks for.</summary>
    private sealed record ClaimForm
    {
        public bool IsNamed { get; init; }

        public Func<PlannedApp, string> Volume { get; init; } = app => $"pv-{app.Name}-library";

        public string Class { get; init; } = "\"\"";

        public string Mode { get; init; } = "ReadWriteOnce";

        public string Extra { get; init; } = "";

        public string Manifest(PlannedApp app) => $"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: pvc-{app.Name}-library
              namespace: {app.Category}
              labels:
                app: {app.Name}
            spec:
              accessModes:
                - {Mode}
              storageClassName: {Class}
              resources:
                requests:
                  storage: 5Gi

            """ + Indented((IsNamed ? $"volumeName: {Volume(app)}\n" : "") + Extra, "  ");
    }

    /// <summary>What the new volume is like.</summary>
    private sealed record VolumeForm
    {
        public string Size { get; init; } = "5Gi";

        /// <summary>Uid of the deleted claim that it belongs to; null for a volume that is anybody's. One that names the new claim would be bound to it, whatever it is like.</summary>
        public string? Uid { get; init; }

        public string Manifest(PlannedApp app) => $"""
            apiVersion: v1
            kind: PersistentVolume
            metadata:
              name: pv-{app.Name}-library
            spec:
              capacity:
                storage: {Size}
              accessModes:
                - ReadWriteOnce
              persistentVolumeReclaimPolicy: Retain
              storageClassName: ""
              hostPath:
                path: /data/pods/{app.Name}-library
                type: DirectoryOrCreate
              nodeAffinity:
                required:
                  nodeSelectorTerms:
                    - matchExpressions:
                        - key: {Roles.Label}
                          operator: In
                          values:
                            - {Roles.Primary}

            """ + (Uid is null ? "" : Indented($"claimRef:\n  namespace: {app.Category}\n  name: pvc-{app.Name}-library\n  uid: {Uid}\n", "  "));
    }

    private static string Indented(string block, string indent) => string.Concat(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{indent}{line}\n"));
}
