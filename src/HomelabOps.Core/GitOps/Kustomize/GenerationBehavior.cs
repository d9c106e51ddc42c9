namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>What a generated ConfigMap or Secret does to one of the same name.</summary>
internal enum GenerationBehavior
{
    Create,
    Replace,
    Merge,
}
