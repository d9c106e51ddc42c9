using System.Globalization;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>Makes findings of manifests. The reason is the key of the texts.</summary>
internal static class Finding
{
    /// <summary>A finding.</summary>
    /// <param name="severity">How bad it is.</param>
    /// <param name="reason">Its word; <c>Finding_</c>reason and <c>Finding_</c>reason<c>_Remedy</c> are its texts.</param>
    /// <param name="place">Where.</param>
    /// <param name="target">The object that it is about, or null.</param>
    /// <param name="arguments">What the texts name.</param>
    public static HomelabFinding Make(FindingSeverity severity, string reason, ManifestPlace place, ResourceReference? target, params ReadOnlySpan<object?> arguments) => new()
    {
        Area = HomelabArea.Repository,
        Severity = severity,
        Reason = reason,
        Message = Errors.Text("Finding_" + reason, arguments),
        Remedy = Errors.Text($"Finding_{reason}_Remedy", arguments),
        Target = target,
        File = place.File?.TrimStart('/'),
        Line = Number(place.Line),
        Column = Number(place.Column),
    };

    /// <summary>Where an error was, as far as it is in a file of the repository.</summary>
    public static ManifestPlace Place(HomelabException error, ManifestPlace otherwise) =>
        error.Place is { Line: > 0 } place && !place.File.EndsWith("spec", StringComparison.Ordinal) ? new(place.File, place.Line, place.Column) : otherwise;

    /// <summary>What an error says, without the place.</summary>
    public static string Text(HomelabException error) => error.Place?.Detail ?? error.Message;

    private static int? Number(long value) => value > 0 ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;
}
