using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Addresses that do not fit the kind of their source: oci:// wants a HelmRepository of that type, or an OCIRepository.</summary>
internal sealed class SourceAddressCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let item = entry.Item.Content
        where ObjectText.Group(item) == "source.toolkit.fluxcd.io"
        let url = ObjectText.At(item, "spec", "url")
        let schemes = Schemes(item)
        where schemes.Length > 0 && url.Length > 0 && !ObjectText.IsUnknown(url) && !Array.Exists(schemes, scheme => url.StartsWith(scheme, StringComparison.Ordinal))
        select Finding.Make(
            FindingSeverity.Error, "SourceAddressInvalid", snapshot.Place(entry.Item, "spec", "url"), ObjectText.Reference(item),
            ObjectText.Reference(item), url, string.Join(", ", schemes), ObjectText.Kind(item) == "HelmRepository" ? "; a HelmRepository of an OCI registry has 'type: oci' and an oci:// address, any other has neither" : "");

    private static string[] Schemes(JsonObject item) => (ObjectText.Kind(item), ObjectText.At(item, "spec", "type")) switch
    {
        ("HelmRepository", "oci") => ["oci://"],
        ("HelmRepository", _) => ["http://", "https://"],
        ("OCIRepository", _) => ["oci://"],
        ("GitRepository", _) => ["http://", "https://", "ssh://"],
        _ => [],
    };
}
