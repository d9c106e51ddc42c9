using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Faults of what VolSync replicates.</summary>
internal static class ReplicationFaults
{
    private const string Elsewhere = "tcp://10.97.255.9:22000";

    public static IEnumerable<FaultDefinition> All =>
    [
        Device("SyncStuck", "The Syncthing is connected and nothing arrives at it any more; VolSync says SyncInProgress as always.", (world, source, isOn) => world.StopSync(source, isOn), device => device.Fault == SyncFault.Stuck),
        Device("SyncPeerGone", "The Syncthing is cut off from its peers: they say that it is not connected.", (world, source, isOn) => world.CutOff(source, isOn), device => device.IsGone),
        Conflicts,
        Device("SyncPermissionDenied", "The mover has no right to write below its folder; its items fail with: permission denied.", (world, source, isOn) => world.RefuseWrites(source, isOn), device => device.Fault == SyncFault.PermissionDenied),
        Device("SyncDiskFull", "The disk of the mover's folder is full.", (world, source, isOn) => world.RefuseWrites(source, isOn, isFull: true), device => device.Fault == SyncFault.DiskFull),
        PeerDrift,
        Mover("ResticLocked", "A run that died has left its lock in the restic repository; later ones fail until it is unlocked.", Targets.Restics, MoverFault.ResticLock),
        Unprivileged,
        Mover("MoverUnreachable", "The other end of the transfer does not answer the Jobs of the mover.", Targets.Movers, MoverFault.Unreachable),
        Mover("MoverHangs", "The Job of the mover runs on without an end.", Targets.Movers, MoverFault.Hangs),
    ];

    private static FaultDefinition PeerDrift => new(
        new("SyncPeerDrift", FaultTargetKind.ReplicationSource, "The peer has an address that its Service does not have, as after the Service was made anew: in the manifest, and in the settings of the Syncthing, which VolSync does not correct where the manifest is."),
        Targets.Syncthings,
        (scene, target, stop) =>
        {
            var app = scene.Plan.Apps.First(app => Roles.All.Any(role => target == $"{app.Category}/{app.Name}-{role}"));
            var source = Named(target);
            return PeerEffect.MakeAsync(scene.Replication.Syncthing, source, Elsewhere, () => CommitEffect.MakeAsync(
                scene,
                $"Move the peer of {source.Name}",
                stop,
                FileEdit.Of($"{HomelabManifests.FolderOf(app)}/{AppManifests.ReplicationFile}", text => ManifestText.Set(text, $"name: {source.Name}", "address", _ => Elsewhere))));
        });

    private static FaultDefinition Conflicts => new(
        new("SyncConflicts", FaultTargetKind.ReplicationSource, "Both sides have changed the same files; copies named sync-conflict lie beside them."),
        Targets.Syncthings,
        async (scene, target, stop) =>
        {
            var source = Named(target);

            // What both sides have can be changed on both; the copies are made when they have met.
            var hasFiles = await WaitAsync(() => scene.Replication.Conflict(source, isOn: true), stop);
            var holds = hasFiles && await WaitAsync(Holds, stop);
            return holds ? new SwitchEffect(Holds, () => scene.Replication.Conflict(source, isOn: false)) : throw new FaultNotPossibleException(hasFiles ? "The sides do not meet." : "The sides have no file in common yet.");

            bool Holds() => scene.Replication.Syncthing.Read(source, (device, _) => device.Global().Values.Any(item => item.IsConflict && !item.IsDeleted));
        });

    private static async Task<bool> WaitAsync(Func<bool> holds, CancellationToken stop)
    {
        for (var look = 0; look < 100; look++)
        {
            if (holds())
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        }

        return holds();
    }

    private static FaultDefinition Device(string name, string description, Action<ReplicationWorld, ObjectName, bool> turn, Func<SyncthingDevice, bool> holds) => new(
        new(name, FaultTargetKind.ReplicationSource, description),
        Targets.Syncthings,
        (scene, target, _) =>
        {
            var source = Named(target);
            var world = scene.Replication;
            turn(world, source, true);
            return Task.FromResult<IFaultEffect>(new SwitchEffect(Holds, () =>
            {
                if (Holds())
                {
                    turn(world, source, false);
                }
            }));

            bool Holds() => world.Syncthing.Read(source, (device, _) => holds(device));
        });

    private static FaultDefinition Mover(string name, string description, Func<HomelabPlan, IEnumerable<string>> targets, MoverFault fault) => new(
        new(name, FaultTargetKind.ReplicationSource, description),
        targets,
        (scene, target, _) =>
        {
            var source = Named(target);
            return Task.FromResult<IFaultEffect>(Fail(scene, source, fault));
        });

    private static FaultDefinition Unprivileged => new(
        new("MoverPermissionDenied", FaultTargetKind.ReplicationSource, "The namespace does not allow privileged movers any more: the Jobs of the mover may not change owners on their volume, and fail."),
        Targets.Movers,
        async (scene, target, stop) =>
        {
            var source = Named(target);
            var commit = await CommitEffect.MakeAsync(
                scene,
                $"Allow no privileged movers in {source.Namespace}",
                stop,
                FileEdit.Of($"{HomelabManifests.Root}/apps/{source.Namespace}/namespace.yaml", text => ManifestText.Set(text, "annotations:", "volsync.backube/privileged-movers", _ => "\"false\"")));
            var world = Fail(scene, source, MoverFault.PermissionDenied);
            return new ActionEffect(
                async ask => await commit.HoldsAsync(ask) && await world.HoldsAsync(ask),
                async end =>
                {
                    await world.EndAsync(end);
                    await commit.EndAsync(end);
                });
        });

    private static ActionEffect Fail(FaultScene scene, ObjectName source, MoverFault fault)
    {
        scene.Replication.FailMover(source, fault);
        return new ActionEffect(
            _ => Task.FromResult(scene.Replication.FaultOf(source) == fault),
            async end =>
            {
                if (scene.Replication.FaultOf(source) == fault)
                {
                    scene.Replication.FailMover(source, MoverFault.None);
                }

                if (fault == MoverFault.Hangs)
                {
                    await DeletePodsAsync(scene, source, end);
                }
            });
    }

    // What hangs does so until somebody ends it; its Job starts another.
    private static async Task DeletePodsAsync(FaultScene scene, ObjectName source, CancellationToken cancellationToken)
    {
        foreach (var pod in scene.Host.Informer(ResourceType.Pod).In(source.Namespace).Where(pod => MoverBehavior.SourceOf(pod) == source.Name && Cells.Text(pod, "status.phase") is "Running" or "Pending"))
        {
            await new ObjectClient(scene.Host, "homelab-owner").DeleteAsync(ResourceType.Pod, ObjectName.Of(pod), cancellationToken);
        }
    }

    private static ObjectName Named(string target) => target.Split('/') is [var space, var name] ? new(space, name) : new("", target);
}
