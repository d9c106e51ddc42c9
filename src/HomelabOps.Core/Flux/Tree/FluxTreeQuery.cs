using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Flux.Tree;

/// <summary>Which trees to show.</summary>
internal sealed record FluxTreeQuery
{
    /// <summary>Names and namespaces of the roots; without names whatever nothing else applies.</summary>
    public ObjectQuery Objects { get; init; } = new();

    /// <summary>Only objects of Flux.</summary>
    public bool Compact { get; init; }
}
