using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Secrets that anybody with the repository can read, and encrypted ones that Flux is not told to decrypt. Names of keys are shown, never values.</summary>
internal sealed class SecretCheck : IManifestCheck
{
    private static readonly string[] Fields = ["data", "stringData"];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => Plain(snapshot).Concat(Encrypted(snapshot));

    /// <summary>Those that anybody can read, as they are written: what is substituted or generated is not in the repository.</summary>
    public static IEnumerable<HomelabFinding> Plain(ManifestSnapshot snapshot) =>
        from file in snapshot.Index.Contents
        from entry in file.Objects
        where entry.Object is { Kind: "Secret", ApiVersion: "v1" } && !snapshot.IsInChart(file.Path)
        let secret = RawManifest.Read(entry.Node)
        where secret is not null && !ObjectText.IsEncrypted(secret)
        let keys = Keys(secret).ToArray()
        where keys.Length > 0
        select Finding.Make(FindingSeverity.Warning, "SecretReadable", ManifestPlace.Of(file.Path, entry.Node), ObjectText.Reference(secret), ObjectText.Reference(secret), string.Join(", ", keys));

    private static IEnumerable<string> Keys(JsonObject secret) =>
        from field in Fields
        from pair in secret[field] as JsonObject ?? []
        let text = Scalars.Text(pair.Value) ?? ""
        where text.Length > 0 && !text.Contains("${", StringComparison.Ordinal) && !text.StartsWith("ENC[", StringComparison.Ordinal)
        select pair.Key;

    private static IEnumerable<HomelabFinding> Encrypted(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let item = entry.Item.Content
        where ObjectText.IsEncrypted(item) && ObjectText.At(entry.Node.Spec, "decryption", "provider").Length == 0
        select Finding.Make(FindingSeverity.Error, "DecryptionMissing", snapshot.Place(entry.Item), ObjectText.Reference(item), ObjectText.Reference(item), entry.Node.Reference);
}
