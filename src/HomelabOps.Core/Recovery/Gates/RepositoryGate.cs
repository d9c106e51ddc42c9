using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>The repository is reached, can be built, and carries Flux itself.</summary>
internal sealed class RepositoryGate : IRecoveryGate
{
    public string Name => "Repository";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) => facts.Git is not { } git
        ? [facts.GitTrouble]
        : [.. git.Broken, .. git.FluxFolders.Count == 0 ? [FluxManifestFolder.Components] : Array.Empty<string>()];
}
