using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>The rules by which Kubernetes gives volumes to claims, in the order in which they are told.</summary>
internal static class BindingRules
{
    private const string RuleText = "PvcRule";
    private const BindingWay Searching = BindingWay.Search | BindingWay.Delayed;

    // The binder looks at fewer of them when a volume is kept for the claim, and at none when each names the other.
    private static readonly BindingRule[] All =
    [
        new(PvcBindingRule.VolumeName, BindingWay.Any, VolumeName),
        new(PvcBindingRule.ClaimRef, BindingWay.Any, ClaimRef),
        new(PvcBindingRule.Phase, Searching, Phase),
        new(PvcBindingRule.Capacity, Searching | BindingWay.Kept | BindingWay.Named, Capacity),
        new(PvcBindingRule.StorageClass, Searching | BindingWay.Named, StorageClass),
        new(PvcBindingRule.AccessModes, Searching | BindingWay.Kept | BindingWay.Named, AccessModes),
        new(PvcBindingRule.VolumeMode, Searching | BindingWay.Kept | BindingWay.Named, VolumeMode),
        new(PvcBindingRule.Selector, Searching, Selector),
        new(PvcBindingRule.NodeAffinity, BindingWay.Delayed, NodeAffinity),
        new(PvcBindingRule.Deletion, Searching | BindingWay.Kept | BindingWay.Named, Deletion),
    ];

    /// <summary>What becomes of a volume as a candidate of a claim.</summary>
    public static PvcCandidate Judge(BindingCase asked, VolumeWire volume)
    {
        var way = asked.WayTo(volume);
        foreach (var rule in All.Where(rule => (rule.Ways & way) != BindingWay.None))
        {
            if (rule.Broken(asked, volume) is { } message)
            {
                return new() { Volume = volume.Metadata.Name, Rule = rule.Id, Message = message };
            }
        }

        // The binder alone does not look at nodes, but whoever uses the claim will.
        return NodeAffinity(asked, volume) is { } unusable
            ? new() { Volume = volume.Metadata.Name, Fits = true, Rule = PvcBindingRule.NodeAffinity, Message = unusable }
            : new() { Volume = volume.Metadata.Name, Fits = true };
    }

    /// <summary>How many rules a volume breaks.</summary>
    public static int Count(BindingCase asked, VolumeWire volume) => All.Count(rule => (rule.Ways & asked.WayTo(volume)) != BindingWay.None && rule.Broken(asked, volume) is not null);

    /// <summary>Why no pod could use a volume, whoever has it; null when one can, or when nodes are not known.</summary>
    public static string? NodeAffinity(BindingCase asked, VolumeWire volume)
    {
        if (asked.Facts.Nodes is not { } nodes || volume.Spec?.NodeAffinity?.Required is not { } required)
        {
            return null;
        }

        var reaching = nodes.Where(node => NodeTerms.Select(required, node)).ToList();
        if (reaching.Count == 0)
        {
            return Say("NodeAffinity_None", NodeTerms.Describe(required));
        }

        var usable = reaching.Where(BindingNodes.IsUsable).ToList();
        if (usable.Count == 0)
        {
            return Say("NodeAffinity_Down", string.Join(", ", reaching.Select(BindingNodes.Describe)));
        }

        return asked.Consumers.FirstOrDefault(consumer => !usable.Exists(consumer.MayRunOn)) is { } elsewhere
            ? Say("NodeAffinity_Elsewhere", string.Join(", ", usable.Select(node => node.Metadata.Name)), elsewhere.Pod.Metadata.Name, BindingNodes.Names(nodes.Where(elsewhere.MayRunOn)))
            : null;
    }

    private static string? VolumeName(BindingCase asked, VolumeWire volume) =>
        asked.WantedVolume is { } wanted && wanted != volume.Metadata.Name ? Say("VolumeName", wanted) : null;

    private static string? ClaimRef(BindingCase asked, VolumeWire volume) => volume.Spec?.ClaimRef is not { } kept || VolumeFields.IsKeptFor(volume, asked.Claim) ? null
        : VolumeFields.IsNamedFor(volume, asked.Claim) ? Say("ClaimRef_Released", kept.Uid)
        : volume.Status?.Phase == "Released" ? Say("ClaimRef_ReleasedByOther", $"{kept.Namespace}/{kept.Name}")
        : Say("ClaimRef", $"{kept.Namespace}/{kept.Name}");

    // A volume that has no phase yet gets Available in a moment.
    private static string? Phase(BindingCase asked, VolumeWire volume) =>
        volume.Status?.Phase is { } phase and not ("Available" or "Pending") ? Say("Phase", phase) : null;

    private static string? Capacity(BindingCase asked, VolumeWire volume) => VolumeFields.Capacity(volume) < VolumeFields.Request(asked.Claim)
        ? Say("Capacity", Display.Bytes(VolumeFields.Capacity(volume)), Display.Bytes(VolumeFields.Request(asked.Claim)))
        : null;

    private static string? StorageClass(BindingCase asked, VolumeWire volume)
    {
        var (wanted, has) = (VolumeFields.ClassOf(asked.Claim), VolumeFields.ClassOf(volume));
        return wanted == has ? null
            : wanted.Length == 0 && VolumeFields.IsClassUnset(asked.Claim) ? Say("StorageClass_Unset", has)
            : wanted.Length == 0 ? Say("StorageClass_Empty", has)
            : asked.IsDefaultClass ? Say("StorageClass_Default", wanted, has)
            : Say("StorageClass", wanted, has);
    }

    private static string? AccessModes(BindingCase asked, VolumeWire volume)
    {
        var (wanted, has) = (asked.Claim.Spec?.AccessModes ?? [], volume.Spec?.AccessModes ?? []);
        return wanted.TrueForAll(has.Contains) ? null : Say("AccessModes", string.Join(", ", wanted.Except(has)), string.Join(", ", has));
    }

    private static string? VolumeMode(BindingCase asked, VolumeWire volume)
    {
        var (wanted, has) = (asked.Claim.Spec?.VolumeMode ?? "Filesystem", volume.Spec?.VolumeMode ?? "Filesystem");
        return wanted == has ? null : Say("VolumeMode", has, wanted);
    }

    private static string? Selector(BindingCase asked, VolumeWire volume)
    {
        var selector = asked.Claim.Spec?.Selector;
        var missing = (selector?.MatchLabels ?? []).Where(label => volume.Metadata.Labels?.GetValueOrDefault(label.Key) != label.Value).Select(label => $"{label.Key}={label.Value}")
            .Concat((selector?.MatchExpressions ?? []).Where(expression => !NodeTerms.Holds(expression, volume.Metadata.Labels)).Select(NodeTerms.Describe)).ToList();
        return missing.Count == 0 ? null : Say("Selector", string.Join(", ", missing));
    }

    private static string? Deletion(BindingCase asked, VolumeWire volume) => volume.Metadata.DeletionTimestamp is null ? null : Say("Deletion");

    private static string Say(string key, params ReadOnlySpan<object?> arguments) => Errors.Text($"{RuleText}_{key}", arguments);
}
