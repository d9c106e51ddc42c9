using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Diagnosis.Secrets;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Secrets that anybody with the repository can read, and encrypted ones that Flux is not told to decrypt. Names of keys are shown, never values.</summary>
internal sealed class SecretCheck : IManifestCheck
{
    private static readonly string[] Fields = ["data", "stringData"];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => Plain(snapshot).Concat(Encrypted(snapshot));

    /// <summary>Those that anybody can read, as they are written: what is substituted is not in the repository, and of one that SOPS has been at only what it has left plain is told.</summary>
    public static IEnumerable<HomelabFinding> Plain(ManifestSnapshot snapshot) =>
        from file in snapshot.Index.Contents
        from entry in file.Objects
        where entry.Object is { Kind: "Secret", ApiVersion: "v1" } && !snapshot.IsInChart(file.Path)
        let secret = RawManifest.Read(entry.Node)
        where secret is not null
        let keys = Keys(secret).ToArray()
        where keys.Length > 0
        select Finding.Make(FindingSeverity.Warning, "SecretReadable", ManifestPlace.Of(file.Path, entry.Node), ObjectText.Reference(secret), ObjectText.Reference(secret), string.Join(", ", keys));

    /// <summary>Values of generated Secrets that stand in the kustomization file itself.</summary>
    public static IEnumerable<HomelabFinding> Generated(ManifestSnapshot snapshot) =>
        from file in snapshot.Index.Contents
        from entry in Generators(file)
        let keys = (entry.Find("literals")?.Items ?? []).Select(literal => (literal.Text ?? "").Split('=', 2)).Where(pair => pair.Length == 2 && SecretTexts.IsValue(pair[1])).Select(pair => pair[0]).ToArray()
        where keys.Length > 0
        select Finding.Make(FindingSeverity.Warning, "SecretReadable", ManifestPlace.Of(file.Path, entry), null, $"secretGenerator/{entry.Find("name")?.Text}", string.Join(", ", keys));

    /// <summary>The files that the variables of generated Secrets are in.</summary>
    public static IReadOnlySet<string> Variables(ManifestSnapshot snapshot) =>
        (from file in snapshot.Index.Contents
         from entry in Generators(file)
         from name in (entry.Find("envs")?.Items ?? []).Append(entry.Find("env"))
         let text = name?.Text ?? ""
         where text.Length > 0
         select BuildPath.Combine(BuildPath.Folder(file.Path), text)?.TrimStart('/')).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static List<YamlNode> Generators(IndexedFile file) => file.Root?.Find("secretGenerator")?.Items ?? [];

    private static IEnumerable<string> Keys(JsonObject secret) =>
        from field in Fields
        from pair in secret[field] as JsonObject ?? []
        let text = Scalars.Text(pair.Value) ?? ""
        where text.Length > 0 && !text.Contains("${", StringComparison.Ordinal) && !text.StartsWith("ENC[", StringComparison.Ordinal) && !(ObjectText.IsEncrypted(secret) && IsLeftPlain(secret, pair.Key))
        select pair.Key;

    // SOPS is told by the ending of a name what may be read.
    private static bool IsLeftPlain(JsonObject secret, string key) =>
        key.EndsWith(ObjectText.At(secret, "sops", "unencrypted_suffix") is { Length: > 0 } suffix ? suffix : "_unencrypted", StringComparison.Ordinal) || ObjectText.At(secret, "sops", "unencrypted_regex").Length > 0;

    private static IEnumerable<HomelabFinding> Encrypted(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let item = entry.Item.Content
        where ObjectText.IsEncrypted(item) && ObjectText.At(entry.Node.Spec, "decryption", "provider").Length == 0
        select Finding.Make(FindingSeverity.Error, "DecryptionMissing", snapshot.Place(entry.Item), ObjectText.Reference(item), ObjectText.Reference(item), entry.Node.Reference);
}
