namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>One thing that can be wrong with the manifests of a repository.</summary>
internal interface IManifestCheck
{
    /// <summary>What is wrong.</summary>
    IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot);
}
