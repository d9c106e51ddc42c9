using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Which Kustomizations wait for which.</summary>
internal sealed class KustomizationDependencies(Informer kustomizations)
{
    /// <summary>Whether a change made a Kustomization ready, or moved it to another revision.</summary>
    public static bool BecameReady(ObjectChange change) =>
        Conditions.IsReady(change.After!) && (!Conditions.IsReady(change.Before!) || Cells.Text(change.Before, "status.lastAppliedRevision") != Cells.Text(change.After, "status.lastAppliedRevision"));

    /// <summary>Those that depend on this one.</summary>
    public IEnumerable<ObjectName> DependentsOf(JsonObject item) =>
        kustomizations.All.Where(other => Dependencies(other).Any(name => name == ObjectName.Of(item))).Select(ObjectName.Of);

    /// <summary>Lets an attempt go on only when all that it depends on is ready, and has applied the same revision where the source is the same.</summary>
    /// <exception cref="ReconcileException">One is not.</exception>
    public void Check(JsonObject item, KustomizationArtifact artifact)
    {
        foreach (var name in Dependencies(item))
        {
            if (kustomizations.Find(name) is not { } dependency)
            {
                throw new ReconcileException("DependencyNotReady", $"dependency '{name}' not found");
            }

            var isCurrent = Cells.Text(dependency, "status.observedGeneration") == Cells.Text(dependency, "metadata.generation");
            if (!isCurrent || !Conditions.IsReady(dependency))
            {
                throw new ReconcileException("DependencyNotReady", $"dependency '{name}' is not ready");
            }

            var source = $"{Cells.Text(dependency, "spec.sourceRef.kind")}/{Cells.Text(dependency, "spec.sourceRef.namespace", name.Namespace)}/{Cells.Text(dependency, "spec.sourceRef.name")}";
            if (source == artifact.Source && Cells.Text(dependency, "status.lastAppliedRevision") != artifact.Revision)
            {
                throw new ReconcileException("DependencyNotReady", $"dependency '{name}' revision is not up to date");
            }
        }
    }

    private static IEnumerable<ObjectName> Dependencies(JsonObject item) =>
        Cells.Items(item, "spec.dependsOn").Select(reference => new ObjectName(Cells.Text(reference, "namespace", ObjectName.Of(item).Namespace), Cells.Text(reference, "name")));
}
