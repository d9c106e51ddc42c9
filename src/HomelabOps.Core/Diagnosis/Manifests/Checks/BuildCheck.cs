using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>What a build refuses, with all Kustomizations that it stops.</summary>
internal sealed class BuildCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Nodes
        .Where(node => node.Failure is not null)
        .GroupBy(node => Finding.Place(node.Failure!, node.Place("spec", node.Failure!.Id == "SubstitutionFailed" ? "postBuild" : "path")))
        .Select(group => Make(group.Key, [.. group]))
        .Concat(snapshot.Index.Contents.Where(file => file.Root is not null && !snapshot.Applied.Contains(file.Path) && !snapshot.IsInChart(file.Path))
            .Select(file => Unused(snapshot, file.Path)).OfType<HomelabFinding>());

    private static HomelabFinding Make(ManifestPlace place, FluxNode[] nodes)
    {
        var error = nodes[0].Failure!;

        // Flux downloads what is elsewhere and runs kustomize's own plugins; only charts are beyond it.
        var isUnsupported = error.Id == "KustomizationUnsupported" && error.Place?.Key != "Detail_UnsupportedHelm";
        var reason = isUnsupported ? "BuildUnsupported" : error.Place?.Key == "Detail_BuildDuplicate" ? "ObjectRepeated" : "BuildFailed";
        var text = error.Id == "SubstitutionFailed" ? error.Message.TrimEnd('.') : Finding.Text(error);
        return Finding.Make(isUnsupported ? FindingSeverity.Info : FindingSeverity.Error, reason, place, nodes[0].Reference, text)
            with { Evidence = [.. nodes.Select(node => node.Reference.ToString())] };
    }

    // A kustomization file that no build reads is at least one that kustomize understands.
    private static HomelabFinding? Unused(ManifestSnapshot snapshot, string file)
    {
        try
        {
            KustomizationReader.Read(snapshot.Files.Display(file), snapshot.Text(file));
            return null;
        }
        catch (HomelabException error) when (error.Id == "KustomizationUnsupported")
        {
            return null;
        }
        catch (HomelabException error)
        {
            return Finding.Make(FindingSeverity.Warning, "BuildFailed", Finding.Place(error, new(file, 1)), null, Finding.Text(error));
        }
    }
}
