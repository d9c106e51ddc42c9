using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Templates of Helm and External Secrets that begin and do not end.</summary>
internal sealed class TemplateCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        from path in Roots(entry.Item.Content)
        from leaf in Open(ObjectText.Node(entry.Item.Content, [.. path]), path)
        select Finding.Make(FindingSeverity.Warning, "TemplateUnclosed", snapshot.Place(entry.Item, leaf), ObjectText.Reference(entry.Item.Content), string.Join('.', leaf));

    private static IEnumerable<string[]> Roots(JsonObject item)
    {
        if (ObjectText.IsHelmRelease(item))
        {
            yield return ["spec", "values"];
        }
        else if (ObjectText.Is(item, "external-secrets.io", "ExternalSecret"))
        {
            yield return ["spec", "target", "template"];
        }
    }

    private static IEnumerable<string[]> Open(JsonNode? node, string[] path) => node switch
    {
        JsonObject map => map.SelectMany(pair => Open(pair.Value, [.. path, pair.Key])),
        JsonArray list => list.SelectMany((item, index) => Open(item, [.. path, index.ToString(CultureInfo.InvariantCulture)])),
        _ => Scalars.Text(node) is { } text && text.LastIndexOf("{{", StringComparison.Ordinal) is >= 0 and var start && !text.AsSpan(start).Contains("}}", StringComparison.Ordinal) ? [path] : [],
    };
}
