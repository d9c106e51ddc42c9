using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>Tells whether a claim is bound to something its pods can use, and if not, why and what to do. Asks nobody.</summary>
/// <param name="asked">The claim.</param>
/// <param name="cluster">Name of the connection.</param>
internal sealed class BindingExplainer(BindingCase asked, string cluster)
{
    private const string BindCompleted = "pv.kubernetes.io/bind-completed";
    private const string ReasonText = "PvcReason";

    private readonly ClaimWire _claim = asked.Claim;
    private readonly VolumeWire? _wanted = asked.Facts.Volumes.FirstOrDefault(volume => volume.Metadata.Name == asked.WantedVolume);

    /// <summary>The claim's record.</summary>
    public static PvcBindingStatus Explain(ClaimWire claim, VolumeFacts facts, string cluster) => new BindingExplainer(new(claim, facts), cluster).Explain();

    /// <summary>The record, with what was seen on the nodes. What is wrong already comes first, since the pods do not get that far.</summary>
    /// <param name="status">The record.</param>
    /// <param name="volume">Its volume.</param>
    /// <param name="missing">Nodes that may mount the volume and do not have its folder.</param>
    public static PvcBindingStatus WithPaths(PvcBindingStatus status, VolumeWire volume, IReadOnlyList<string> missing) =>
        missing.Count == 0 || !status.Healthy ? status : status with
        {
            Healthy = false,
            Reason = "PathMissing",
            Message = Errors.Text(volume.Spec?.HostPath?.Type is "" or null or "DirectoryOrCreate" && volume.Spec?.Local is null ? $"{ReasonText}_PathMissing_Made" : $"{ReasonText}_PathMissing", VolumeFields.PathOf(volume), string.Join(", ", missing)),
            Remedy = BindingRemedies.OfPath(status, VolumeFields.PathOf(volume), missing[0]),
        };

    private PvcBindingStatus Explain()
    {
        var phase = _claim.Status?.Phase ?? "Pending";
        var record = new PvcBindingStatus
        {
            Cluster = cluster,
            Kind = VolumeTypes.Claim.Kind,
            Namespace = _claim.Metadata.Namespace ?? "",
            Name = _claim.Metadata.Name,
            Phase = phase,
            Bound = phase == "Bound",
            Volume = asked.WantedVolume ?? "",
            Class = VolumeFields.ClassOf(_claim),
            Request = VolumeFields.Request(_claim),
            Pods = asked.Consumers.Select(consumer => consumer.Reference(cluster)).ToArray(),
        };
        return phase switch
        {
            "Bound" => OfBound(record),
            "Lost" => With(record, _wanted is null ? "VolumeGone" : "ClaimLost", record.Volume, VolumeFields.KeptFor(_wanted ?? new(), cluster)?.ToString() ?? Errors.Text("Detail_NoClaim")),
            _ => OfPending(record),
        };
    }

    private PvcBindingStatus OfBound(PvcBindingStatus record)
    {
        if (_wanted is null)
        {
            return With(record, "VolumeGone", record.Volume);
        }

        return BindingRules.NodeAffinity(asked, _wanted) is { } unusable && !IsInUse(_wanted)
            ? With(record, "NodeUnusable", record.Volume, unusable)
            : record with { Healthy = true };
    }

    // Pods that run have it mounted, also on a node that takes no new ones; the last word of a node that is gone is no use.
    private bool IsInUse(VolumeWire volume) => asked.Consumers.Any(consumer => consumer.Pod.Status?.Phase == "Running")
        && !asked.Consumers.Any(consumer => consumer.Unschedulable is not null || IsMisplaced(consumer, volume))
        && asked.Facts.Nodes!.Any(node => NodeTerms.IsReady(node) && NodeTerms.Select(volume.Spec?.NodeAffinity?.Required, node));

    // It names its node itself, so that the scheduler was never asked whether the volume is there.
    private bool IsMisplaced(Consumer consumer, VolumeWire volume) => consumer.Pod.Status?.Phase == "Pending" && consumer.Pod.Spec?.NodeName is { Length: > 0 } node
        && asked.Facts.Nodes?.FirstOrDefault(item => item.Metadata.Name == node) is { } at && !NodeTerms.Select(volume.Spec?.NodeAffinity?.Required, at);

    private PvcBindingStatus OfPending(PvcBindingStatus record)
    {
        var judged = asked.Facts.Volumes.ToDictionary(volume => volume.Metadata.Name, volume => BindingRules.Judge(asked, volume));
        record = record with { Candidates = Closest(judged).ToArray() };
        if (_claim.Metadata.DeletionTimestamp is not null)
        {
            return With(record, "Deleting", string.Join(", ", asked.Consumers.Select(consumer => consumer.Pod.Metadata.Name)) is { Length: > 0 } pods ? pods : Errors.Text("Detail_NoPod"));
        }

        if (asked.WantedVolume is { } wanted)
        {
            return _wanted is null ? With(record, "VolumeMissing", wanted) : OfNamed(record, judged[wanted]);
        }

        var best = asked.Best(judged);
        if (asked.Waits && (best is null || !VolumeFields.IsKeptFor(best, _claim)))
        {
            return Waiting(record, best);
        }

        return best is not null ? Binding(record, judged[best.Metadata.Name]) : Unmatched(record);
    }

    private PvcBindingStatus OfNamed(PvcBindingStatus record, PvcCandidate named) => named switch
    {
        { Fits: true } => Binding(record, named),
        { Rule: PvcBindingRule.ClaimRef } when VolumeFields.IsNamedFor(_wanted!, _claim) => With(record, "VolumeReleased", named),
        { Rule: PvcBindingRule.ClaimRef } => With(record, "VolumeTaken", named),
        _ => With(record, "VolumeMismatch", named),
    };

    private PvcBindingStatus Binding(PvcBindingStatus record, PvcCandidate best)
    {
        record = record with { Volume = best.Volume };
        return best.Rule == PvcBindingRule.None ? With(record, "Binding", best.Volume) : With(record, "NodeUnusable", best.Volume, best.Message);
    }

    private PvcBindingStatus Waiting(PvcBindingStatus record, VolumeWire? best)
    {
        record = record with { Volume = best?.Metadata.Name ?? "" };
        if (asked.Consumers.FirstOrDefault(consumer => consumer.Pod.Spec?.NodeName is { Length: > 0 }) is { } placed)
        {
            return With(record, "ConsumerNotScheduled", placed.Pod.Metadata.Name, placed.Pod.Spec!.NodeName!);
        }

        if (asked.Facts.KnowsConsumers && asked.Consumers.Count == 0)
        {
            return With(record, "WaitForFirstConsumer", record.Class);
        }

        if (best is null && !asked.IsProvisioned)
        {
            return Unmatched(record);
        }

        // That the claim is not there was said before it was.
        return asked.Consumers.FirstOrDefault(consumer => consumer.Unschedulable is { } words && !words.Contains($"\"{_claim.Metadata.Name}\" not found", StringComparison.Ordinal)) is { } stuck
            ? With(record, "ConsumerUnschedulable", stuck.Pod.Metadata.Name, stuck.Unschedulable!)
            : With(record, "ConsumerPending", record.Class);
    }

    private PvcBindingStatus Unmatched(PvcBindingStatus record)
    {
        if (asked.IsProvisioned)
        {
            return With(record, "Provisioning", asked.Class!.Provisioner!, record.Class);
        }

        // Volumes may be of a class that nobody has defined; only without such volumes it must be there.
        if (asked.Facts.Classes is not null && record.Class.Length > 0 && asked.Class is null && !asked.Facts.Volumes.Any(volume => VolumeFields.ClassOf(volume) == record.Class))
        {
            return With(record, "ClassMissing", record.Class, string.Join(", ", asked.Facts.Classes.Select(item => item.Metadata.Name)) is { Length: > 0 } known ? known : Errors.Text("Detail_NoClass"));
        }

        if (record.Candidates is not [var closest, ..])
        {
            return With(record, "NoVolume", Display.Bytes(record.Request));
        }

        return VolumeFields.IsNamedFor(asked.Facts.Volumes.First(volume => volume.Metadata.Name == closest.Volume), _claim) && closest.Rule == PvcBindingRule.ClaimRef
            ? With(record, "VolumeReleased", closest)
            : With(record, "NoMatch", closest);
    }

    // Those that are kept for the claim, then those that nobody has, by their class and by how many rules they break: what is told of the first one has to be all that is wrong with it.
    private IEnumerable<PvcCandidate> Closest(Dictionary<string, PvcCandidate> judged) => asked.Facts.Volumes
        .OrderByDescending(volume => asked.WantedVolume == volume.Metadata.Name)
        .ThenByDescending(volume => VolumeFields.IsNamedFor(volume, _claim))
        .ThenByDescending(volume => judged[volume.Metadata.Name].Fits)
        .ThenBy(volume => volume.Status?.Phase == "Bound")
        .ThenByDescending(volume => VolumeFields.ClassOf(volume) == VolumeFields.ClassOf(_claim))
        .ThenBy(volume => BindingRules.Count(asked, volume))
        .ThenByDescending(volume => judged[volume.Metadata.Name].Rule)
        .ThenBy(volume => volume.Metadata.Name, StringComparer.Ordinal)
        .Select(volume => judged[volume.Metadata.Name]);

    private PvcBindingStatus With(PvcBindingStatus record, string reason, PvcCandidate candidate) => record with
    {
        Reason = reason,
        Message = Errors.Text($"{ReasonText}_{reason}", candidate.Volume, candidate.Message, record.Candidates.Count),
        Remedy = BindingRemedies.Of(asked, candidate),
    };

    private PvcBindingStatus With(PvcBindingStatus record, string reason, params ReadOnlySpan<object> arguments) => record with
    {
        Reason = reason,
        Message = Errors.Text($"{ReasonText}_{reason}", [.. arguments]),
        Remedy = BindingRemedies.Of(asked, reason, record.Volume),
    };
}
