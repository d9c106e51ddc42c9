using System.Globalization;

namespace HomelabOps;

/// <summary>What the default views show of claims and volumes.</summary>
public static partial class Display
{
    /// <summary>What is used of a volume, as bytes; where it shares a filesystem, how full that is.</summary>
    public static string Use(HomelabVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return volume is { FileSystemSize: not null, UsedPercent: { } percent } ? string.Create(CultureInfo.InvariantCulture, $"{percent:0}% disk") : Bytes(volume.Used);
    }

    /// <summary>The claim with its namespace, else for whom a volume is kept, in brackets.</summary>
    /// <param name="volume">The row.</param>
    public static string Claim(HomelabVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return volume.Claim.Length > 0 ? $"{volume.Namespace}/{volume.Claim}" : volume.KeptFor is { } kept ? $"({kept.Namespace}/{kept.Name})" : "";
    }

    /// <summary>The phase of a claim or a volume.</summary>
    /// <param name="volume">The row.</param>
    public static string Status(HomelabVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return Health(volume.Phase, volume.Healthy);
    }

    /// <summary>The phase of a claim, or why it is not well.</summary>
    /// <param name="status">The claim.</param>
    public static string Status(PvcBindingStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Health(status.Healthy ? status.Phase : status.Reason, status.Healthy);
    }
}
