using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>What a build gave. Its objects belong to several readers, none of which may change them.</summary>
/// <param name="Result">Objects and files; null when it failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Unresolved">Variables without value and default.</param>
/// <param name="IsOpen">Some sources of its variables are not in the repository.</param>
internal sealed record RememberedBuild(KustomizeResult? Result, HomelabException? Failure, IReadOnlyList<(BuiltObject Item, string Name)> Unresolved, bool IsOpen)
{
    /// <summary>What it was built from.</summary>
    public BuildInputs? Inputs { get; init; }
}
