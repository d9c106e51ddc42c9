using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>
/// Finds what of a HelmRelease may decide a field after the values that the repository shows: what changes the objects once the chart
/// is rendered, and values in Secrets, which nobody but the cluster reads.
/// </summary>
internal static partial class ReleaseLastWord
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What may have the last word, as a place in the release; null where the values have.</summary>
    /// <param name="app">The application.</param>
    /// <param name="found">One of its fields, for resources that of the container's image.</param>
    /// <param name="field">What is looked at.</param>
    public static string? Of(ManifestApp app, AppField found, ManifestField field) => !app.IsRelease ? null
        : Renderer(app.Object, found.Value, field, Names(field).IsMatch) ?? InSecret(app, found, field);

    /// <summary>The Secret among the values of a release that may have the last word about a field; null where there is none.</summary>
    public static string? InSecret(ManifestApp app, AppField found, ManifestField field) => !app.IsRelease || IsOwn(app.Object, found, field) ? null : Secret(app.Object);

    /// <summary>The place in a release that changes its node once its chart is rendered, whether or not the values have one; null where there is none.</summary>
    public static string? RenderedNode(ManifestApp app) => app.IsRelease ? Renderer(app.Object, "", ManifestField.Node, NodeKey().IsMatch) : null;

    /// <summary>The place in a release that writes one of these claims, or over a claim without naming it, once its chart is rendered; null where there is none.</summary>
    /// <param name="app">The application.</param>
    /// <param name="claims">Names of claims. Others that a renderer adds are none of theirs.</param>
    public static string? RenderedClaim(ManifestApp app, IReadOnlySet<string> claims) => !app.IsRelease ? null : Renderer(
        app.Object,
        "",
        ManifestField.Claim,
        text => ClaimKey().IsMatch(text) && (ClaimPath().IsMatch(text) || ClaimName().Matches(text).Any(match => claims.Contains(match.Groups["name"].Value))));

    private static string? Renderer(JsonObject release, string value, ManifestField field, Predicate<string> decides)
    {
        foreach (var (item, index) in ObjectText.Items(ObjectText.Node(release, "spec", "postRenderers")))
        {
            var kustomize = ObjectText.Node(item, "kustomize");
            if (field == ManifestField.Image)
            {
                var name = ImageReference.Parse(value).Name;
                foreach (var image in ObjectText.Items(ObjectText.Node(kustomize, "images")).Where(image => ObjectText.At(image.Item, "name") == name))
                {
                    return $"spec.postRenderers[{index}].kustomize.images[{image.Index}]";
                }
            }

            foreach (var list in new[] { "patches", "patchesStrategicMerge", "patchesJson6902" })
            {
                foreach (var patch in ObjectText.Items(ObjectText.Node(kustomize, list)).Where(patch => decides(TextOf(patch.Item))))
                {
                    return $"spec.postRenderers[{index}].kustomize.{list}[{patch.Index}]";
                }
            }
        }

        return null;
    }

    // What the release sets itself wins over all that it takes from elsewhere. Resources need not be set yet.
    private static bool IsOwn(JsonObject release, AppField found, ManifestField field) =>
        field == ManifestField.Resources || found.Scalars[0].Path.Find(ObjectText.Node(release, "spec", "values")) is not null;

    // Of one before all ConfigMaps nothing is left where a ConfigMap has the value.
    private static string? Secret(JsonObject release)
    {
        var isLater = false;
        foreach (var (entry, index) in ObjectText.Items(ObjectText.Node(release, "spec", "valuesFrom")))
        {
            if (ObjectText.At(entry, "kind") == "Secret" && isLater)
            {
                return $"spec.valuesFrom[{index}] (Secret/{ObjectText.At(entry, "name")})";
            }

            isLater |= ObjectText.At(entry, "kind") == "ConfigMap";
        }

        return null;
    }

    // A patch as it is written: in JSON its quotes would be escaped, and then no key is a word any more.
    private static string TextOf(JsonObject patch) => ObjectText.At(patch, "patch") is { Length: > 0 } text ? text : patch.ToJsonString(Plain);

    private static Regex Names(ManifestField field) => field switch
    {
        ManifestField.Image => ImageKey(),
        ManifestField.Replicas => ReplicasKey(),
        ManifestField.Claim => ClaimKey(),
        ManifestField.Node => NodeKey(),
        _ => ResourcesKey(),
    };

    [GeneratedRegex(@"\bimage\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ImageKey();

    [GeneratedRegex(@"\breplicas\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReplicasKey();

    [GeneratedRegex(@"\bclaimName\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimKey();

    // As YAML or as JSON, with or without quotes and an anchor.
    [GeneratedRegex("""\bclaimName["']?\s*:\s*(?:[&!|>]\S*\s+)*["']?(?<name>[\w.-]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimName();

    // A JSON patch counts volumes, so it takes the place of a claim without naming it. One put after the last, at "-", takes no place.
    [GeneratedRegex("""\bpath["']?\s*:\s*["']?/[\w/~.-]*/(?:claimName|persistentVolumeClaim|volumes(?:/\d+)?)(?![\w/~.-])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClaimPath();

    // Of affinity only a JSON patch of all of it concerns the node; that to other pods is nobody's node.
    [GeneratedRegex(@"\b(?:nodeSelector|nodeAffinity|nodeName)\b|/affinity(?![\w/~.-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeKey();

    [GeneratedRegex(@"\bresources\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ResourcesKey();
}
