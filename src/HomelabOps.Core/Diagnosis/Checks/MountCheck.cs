using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Mounts of nodes that are not as they should be, as Test-NfsMount sees them.</summary>
internal sealed class MountCheck : IHomelabCheck
{
    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var apps = (snapshot.Pods ?? []).ToDictionary(pod => pod.Reference, pod => (pod.Reference.Namespace, pod.App));
        foreach (var mount in (snapshot.Mounts ?? []).Where(mount => !mount.Healthy))
        {
            // Only that nobody could look is told of a node that is down; that is no word on the mount.
            var severity = mount.State is NfsMountState.Unreachable or NfsMountState.WrongVersion ? FindingSeverity.Warning : FindingSeverity.Error;
            var symptom = Symptom.Of(HomelabArea.Mount, severity, "Mount" + mount.State, snapshot.Node(mount.Node), mount.Path, mount.Message.TrimEnd('.'), mount.Source);
            yield return ((mount.State is NfsMountState.Missing or NfsMountState.Stale or NfsMountState.Hung ? symptom.WithRepair(HomelabRepairKind.RemountNfs, mount.Path) : symptom) with
            {
                Key = snapshot.Mount(mount.Node, mount.Path),
                Causes = mount.State == NfsMountState.Unreachable ? [new(snapshot.Node(mount.Node), NodeCheck.Unusable), .. LinkCheck.CausesOf(snapshot, mount.Node)] : [],
                Apps = [.. mount.AffectedPods.Where(apps.ContainsKey).Select(pod => apps[pod]).Distinct()],
            }).With(mount.AffectedPods.Take(10).Select(pod => Errors.Text("Evidence_PodUsesMount", pod)));
        }
    }
}
