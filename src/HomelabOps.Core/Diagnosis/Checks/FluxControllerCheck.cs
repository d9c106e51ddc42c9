using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Controllers of Flux that are not there, or have no pods, though there are objects that only they look at; and a Flux that only Git knows of.</summary>
internal sealed class FluxControllerCheck : IHomelabCheck
{
    private const string ComponentLabel = "app.kubernetes.io/component";

    private static readonly (string Name, string[] Kinds)[] Controllers =
    [
        ("source-controller", ["GitRepository", "OCIRepository", "Bucket", "HelmRepository", FluxKind.HelmChart]),
        ("kustomize-controller", [FluxKind.Kustomization]),
        ("helm-controller", [FluxKind.HelmRelease]),
        ("notification-controller", ["Receiver", "Provider", "Alert"]),
        ("image-reflector-controller", ["ImageRepository", "ImagePolicy"]),
        ("image-automation-controller", ["ImageUpdateAutomation"]),
    ];

    /// <summary>What explains that nobody looks at objects of a kind.</summary>
    public static IEnumerable<Cause> CausesOf(HomelabSnapshot snapshot, string kind) =>
        Controllers.Where(controller => controller.Kinds.Contains(kind)).Select(controller => new Cause(Reference(snapshot, controller.Name), "FluxControllerMissing"));

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        if (snapshot.FluxOfRepository is { Count: > 0 } files)
        {
            yield return Symptom.Of(HomelabArea.Flux, FindingSeverity.Error, "FluxAbsent", snapshot.Reference("Namespace", "", snapshot.Config.FluxNamespace), string.Join(", ", files));
        }

        if (snapshot.Workloads is null)
        {
            yield break;
        }

        var running = snapshot.Workloads.Where(workload => workload.Desired is > 0).SelectMany(workload => new[] { workload.Reference.Name, workload.Wire.Metadata.Label(ComponentLabel) }).ToHashSet();
        foreach (var (name, kinds) in Controllers.Where(controller => !running.Contains(controller.Name)))
        {
            var orphans = (snapshot.Flux ?? []).Where(resource => kinds.Contains(resource.Kind) && !resource.Suspended).ToList();
            if (orphans.Count > 0)
            {
                yield return Symptom.Of(HomelabArea.Flux, FindingSeverity.Error, "FluxControllerMissing", Reference(snapshot, name), orphans.Count, string.Join(", ", orphans.Select(orphan => orphan.Kind).Distinct())) with
                {
                    Apps = [.. orphans.Select(orphan => (orphan.Namespace, orphan.Name))],
                };
            }
        }
    }

    private static ResourceReference Reference(HomelabSnapshot snapshot, string name) => snapshot.Reference(WorkloadTypes.Deployment, snapshot.Config.FluxNamespace, name);
}
