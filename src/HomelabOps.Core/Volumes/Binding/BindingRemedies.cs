using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Volumes.Binding;

/// <summary>What to do about a claim that is not bound.</summary>
internal static class BindingRemedies
{
    private const string RemedyText = "PvcRemedy";

    /// <summary>For a reason that is about the claim.</summary>
    public static string Of(BindingCase asked, string reason, string volume) =>
        Errors.Text($"{RemedyText}_{reason}", asked.Name, volume, VolumeFields.ClassOf(asked.Claim));

    /// <summary>For a folder that is not on the node.</summary>
    public static string OfPath(PvcBindingStatus status, string path, string node) => Errors.Text($"{RemedyText}_PathMissing", status.Volume, path, node);

    /// <summary>For the rule that the closest volume breaks. A claim cannot be changed while it waits, so it is the volume that is, or the claim is made anew.</summary>
    public static string Of(BindingCase asked, PvcCandidate candidate)
    {
        var volume = asked.Facts.Volumes.First(item => item.Metadata.Name == candidate.Volume);
        return Errors.Text($"{RemedyText}_{Variant(asked, candidate, volume)}", asked.Name, candidate.Volume, Display.Bytes(VolumeFields.Request(asked.Claim)), Quoted(VolumeFields.ClassOf(volume)), Quoted(VolumeFields.ClassOf(asked.Claim)));
    }

    private static string Variant(BindingCase asked, PvcCandidate candidate, VolumeWire volume) => candidate.Rule switch
    {
        PvcBindingRule.ClaimRef when VolumeFields.IsNamedFor(volume, asked.Claim) => "Released",
        PvcBindingRule.ClaimRef when volume.Status?.Phase == "Released" => "ReleasedByOther",
        PvcBindingRule.ClaimRef when asked.WantedVolume is null => "ClaimRef_Search",
        PvcBindingRule.StorageClass when VolumeFields.ClassOf(volume).Length == 0 && asked.IsDefaultClass => "StorageClass_Default",
        var rule => rule.ToString(),
    };

    private static string Quoted(string text) => $"\"{text}\"";
}
