namespace HomelabOps.Core.GitOps.Yaml;

/// <summary>Which of Kubernetes' two ways of typing plain scalars holds.</summary>
internal enum YamlSchema
{
    /// <summary>Manifests and strategic patches: nearly YAML 1.2; a key that occurs twice is an error.</summary>
    Manifest,

    /// <summary>Kustomization files, JSON patches and what Flux substituted: YAML 1.1 turned into JSON; of a repeated key the last wins.</summary>
    Json,
}
