using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>What is named by its digest is still there to be had.</summary>
internal sealed class ImagesGate : IRecoveryGate
{
    public string Name => "Images";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [(ResourceType.Pod.Group, ResourceType.Pod.Kind)];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) => facts.LostImages;
}
