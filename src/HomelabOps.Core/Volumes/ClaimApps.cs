using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Volumes;

/// <summary>Whose data a claim holds.</summary>
/// <param name="config">What claims are called.</param>
internal sealed class ClaimApps(HomelabConfig config)
{
    /// <summary>The application whose pods use it, else what its name says, else its labels; empty when nothing does.</summary>
    public string Of(string claim, MetadataWire metadata, IEnumerable<Consumer> consumers)
    {
        var pods = consumers.ToList();
        return pods.Find(consumer => !consumer.IsMover && consumer.App.Length > 0)?.App
            ?? ClaimPattern.AppOf(claim, config)
            ?? (Ownership.App(null, metadata) is { Length: > 0 } labelled ? labelled : pods.FirstOrDefault()?.App ?? "");
    }
}
