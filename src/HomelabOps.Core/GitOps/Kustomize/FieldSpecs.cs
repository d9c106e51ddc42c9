namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>The merging of lists of field specs.</summary>
internal static class FieldSpecs
{
    /// <summary>Adds what no spec of the list covers yet. Two that contradict each other about creation are an error.</summary>
    public static List<FieldSpec> Merge(IEnumerable<FieldSpec> first, IEnumerable<FieldSpec> second)
    {
        var result = first.ToList();
        foreach (var spec in second)
        {
            // kustomize looks for one that the new spec would cover, not the other way round.
            var known = result.Find(existing => existing.IsCoveredBy(spec));
            if (known is null)
            {
                result.Add(spec);
            }
            else if (known.Create != spec.Create)
            {
                throw Errors.KustomizeBuildFailed(spec.Path, Errors.Text("Detail_BuildFieldSpecs", spec.Path));
            }
        }

        return result;
    }
}
