using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Objects of Flux that are not ready, are suspended and nobody says why or for how long, are looked at by nobody, or do not follow their source.</summary>
internal sealed class FluxCheck : IHomelabCheck
{
    private const string OciRepository = "OCIRepository";
    private const string Forgotten = "SuspendedForgotten";
    private const string Overdue = "SuspensionOverdue";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    // What may work at another time. What is wrong in Git stays wrong.
    private static readonly string[] Retried = ["GitOperationFailed", "AuthenticationFailed", "ChartPullFailed", "InstallFailed", "UpgradeFailed", "RetriesExceeded", "RollbackSucceeded", "HealthCheckFailed", "HealthCheckCanceled"];

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var applied = Applied(snapshot);
        var sources = (snapshot.Flux ?? []).OfType<FluxSource>().ToDictionary(source => source.Reference);
        foreach (var resource in snapshot.Flux ?? [])
        {
            if (resource.Suspended)
            {
                if (OfSuspended(resource) is { } suspended)
                {
                    yield return suspended;
                }
            }
            else if (resource.Stale || resource.Ready != ConditionStatus.True)
            {
                // What waits for one that is being applied is not stuck yet.
                yield return OfFailed(snapshot, resource, applied) with { IsPassing = !resource.Stale && resource.Ready == ConditionStatus.Unknown && !IsOld(snapshot, resource) };
            }
            else if (Followed(resource) is { } followed && sources.GetValueOrDefault(followed) is { } source && OfBehind(snapshot, resource, source) is { } behind)
            {
                yield return behind;
            }
        }
    }

    // It is meant where somebody says why, or until when.
    private static Symptom? OfSuspended(FluxResource resource) => resource.Suspension switch
    {
        { IsOverdue: true } overdue => Symptom.Of(HomelabArea.Flux, FindingSeverity.Warning, Overdue, resource.Reference, overdue).WithRepair(HomelabRepairKind.ResumeFlux),
        null or { Reason: null, Until: null, By: null } => Symptom.Of(HomelabArea.Flux, FindingSeverity.Warning, Forgotten, resource.Reference, Display.Revision(resource.Revision)).WithRepair(HomelabRepairKind.ResumeFlux),
        _ => null,
    };

    // A chart that is named by name and version has a source of its own for that.
    private static ResourceReference? Followed(FluxResource resource) => resource switch
    {
        FluxKustomization => resource.Source,
        FluxHelmRelease { Source: { Kind: FluxKind.HelmChart or OciRepository } source } => source,
        FluxHelmRelease { Source: { } repository } => repository with { Kind = FluxKind.HelmChart, Name = $"{resource.Namespace}-{resource.Name}" },
        _ => null,
    };

    // What was tried counts: whether it has worked is told by the release itself. A chart out of a registry is called by its tag, and has the digest behind its version.
    private static bool Follows(FluxResource resource, string revision, FluxSource source)
    {
        if (resource.Kind != FluxKind.HelmRelease || source.Kind != OciRepository)
        {
            return revision == source.Artifact!.Revision;
        }

        var (version, tag) = (revision.Split('+'), source.Artifact!.Revision.Split('@'));
        return version[0].TrimStart('v') == tag[0].Split('+', '_')[0].TrimStart('v') && version.Length < 2 ? true
            : version.Length < 2 ? !Version.TryParse(tag[0].TrimStart('v'), out _)
            : tag[^1].Split(':')[^1].StartsWith(version[^1].Split('.')[^1], StringComparison.Ordinal);
    }

    // A new artifact is taken over at once; that it is not within two intervals is no accident.
    private static Symptom? OfBehind(HomelabSnapshot snapshot, FluxResource resource, FluxSource source) =>
        source.Artifact is { Updated: { } updated } artifact && (resource.Kind == FluxKind.HelmRelease ? resource.AttemptedRevision : resource.Revision) is { Length: > 0 } revision && resource.Interval is { } interval && !Follows(resource, revision, source) && snapshot.Now.LocalDateTime - updated > interval * 2
            ? Symptom.Of(HomelabArea.Flux, FindingSeverity.Warning, "BehindSource", resource.Reference, Display.Revision(revision), source.Reference, Display.Revision(artifact.Revision), Display.Moment(updated)).WithRepair(HomelabRepairKind.ReconcileFlux) with
            {
                Causes = [.. Controllers(snapshot, resource.Kind)],
                Apps = [(resource.Namespace, resource.Name)],
            }
            : null;

    private static bool IsOld(HomelabSnapshot snapshot, FluxResource resource) =>
        (resource.LastTransition ?? snapshot.Now.LocalDateTime - resource.Age) is { } since && snapshot.Now.LocalDateTime - since > Window;

    private static Symptom OfFailed(HomelabSnapshot snapshot, FluxResource resource, ILookup<ResourceReference, ResourceReference> applied) => new(new HomelabFinding
    {
        Cluster = snapshot.Cluster,
        Area = HomelabArea.Flux,
        Severity = FindingSeverity.Error,
        Reason = resource.Reason,
        Message = Display.FirstLine(resource.Message),
        Target = resource.Reference,
        Remedy = resource.Remedy,
        Repair = resource.Stale || Retried.Contains(resource.Reason) ? new() { Kind = HomelabRepairKind.ReconcileFlux, Target = resource.Reference } : null,
        Evidence = resource.RootCause is { } root ? [Errors.Text("Evidence_FluxRoot", root)] : [],
    })
    {
        Causes =
        [
            .. resource.BlockedBy.Select(blocker => new Cause(blocker)),

            // Flux takes one that is suspended for ready no longer than until it is edited, and to suspend it is an edit.
            .. resource.Reason == "DependencyNotReady" ? resource.DependsOn.Select(other => new Cause(other, Forgotten, Overdue)) : [],
            .. resource.Reason is "HealthCheckFailed" or "Progressing" || resource.Ready == ConditionStatus.Unknown || resource.Reference.Kind == FluxKind.HelmRelease ? applied[resource.Reference].Select(item => new Cause(item)) : [],
            .. MetalLBCheck.CausesOf(snapshot, resource),
            .. NamespaceCheck.CausesOf(snapshot, resource.Message),
            .. resource.Stale || resource.Ready == ConditionStatus.Unknown ? Controllers(snapshot, resource.Kind) : [],
        ],
        Apps = [(resource.Namespace, resource.Name)],
    };

    // What a Kustomization or HelmRelease has applied and waits for.
    private static ILookup<ResourceReference, ResourceReference> Applied(HomelabSnapshot snapshot)
    {
        var objects = (snapshot.Workloads ?? []).Select(workload => (workload.Reference, (IReadOnlyDictionary<string, string>)Labels(workload.Wire)))
            .Concat((snapshot.Storage?.Claims ?? []).Select(claim => (snapshot.Reference("PersistentVolumeClaim", claim.Metadata.Namespace ?? "", claim.Metadata.Name), (IReadOnlyDictionary<string, string>)Labels(claim))))
            .Concat((snapshot.Replications ?? []).Select(replication => (replication.Reference, replication.Labels)));
        return objects.Select(item => (Owner: FluxOwner.Of(item.Item2.GetValueOrDefault, snapshot.Cluster), item.Item1))
            .Concat((snapshot.Flux ?? []).Select(resource => (resource.Owner, resource.Reference)))
            .Where(pair => pair.Owner is not null)
            .ToLookup(pair => pair.Owner!, pair => pair.Item2);
    }

    private static Dictionary<string, string> Labels(ObjectWire item) => item.Metadata.Labels ?? [];

    private static IEnumerable<Cause> Controllers(HomelabSnapshot snapshot, string kind) => (snapshot.Workloads ?? [])
        .Where(workload => workload.Reference.Namespace == snapshot.Config.FluxNamespace)
        .Select(workload => new Cause(workload.Reference))
        .Concat(FluxControllerCheck.CausesOf(snapshot, kind));
}
