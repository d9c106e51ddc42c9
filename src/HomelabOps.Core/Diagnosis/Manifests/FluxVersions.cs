using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests;

/// <summary>The versions of Flux' own kinds, for repositories that do not hold Flux' definitions.</summary>
internal static class FluxVersions
{
    private static readonly Dictionary<string, string> Current = new(StringComparer.Ordinal)
    {
        ["source.toolkit.fluxcd.io/GitRepository"] = "v1",
        ["source.toolkit.fluxcd.io/OCIRepository"] = "v1",
        ["source.toolkit.fluxcd.io/Bucket"] = "v1",
        ["source.toolkit.fluxcd.io/HelmRepository"] = "v1",
        ["source.toolkit.fluxcd.io/HelmChart"] = "v1",
        ["kustomize.toolkit.fluxcd.io/Kustomization"] = "v1",
        ["helm.toolkit.fluxcd.io/HelmRelease"] = "v2",
        ["image.toolkit.fluxcd.io/ImageRepository"] = "v1",
        ["image.toolkit.fluxcd.io/ImagePolicy"] = "v1",
        ["image.toolkit.fluxcd.io/ImageUpdateAutomation"] = "v1",
        ["notification.toolkit.fluxcd.io/Receiver"] = "v1",
        ["notification.toolkit.fluxcd.io/Alert"] = "v1beta3",
        ["notification.toolkit.fluxcd.io/Provider"] = "v1beta3",
    };

    /// <summary>An alpha or beta version before the current one. A later version than these is none.</summary>
    public static bool IsOld(JsonObject item)
    {
        var (group, version) = ResourceId.Split(ObjectText.ApiVersion(item));
        return Current.TryGetValue($"{group}/{ObjectText.Kind(item)}", out var current) && Rank(version).CompareTo(Rank(current)) < 0;
    }

    // v2beta1 comes before v2beta2, and both before v2.
    private static (int Major, int Stage, int Minor) Rank(string version)
    {
        var digits = new string([.. version.Skip(1).TakeWhile(char.IsAsciiDigit)]);
        var stage = version[(1 + digits.Length)..];
        var minor = new string([.. stage.SkipWhile(char.IsAsciiLetter)]);
        return (Number(digits), stage.Length == 0 ? 2 : stage.StartsWith("beta", StringComparison.Ordinal) ? 1 : 0, Number(minor));
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
