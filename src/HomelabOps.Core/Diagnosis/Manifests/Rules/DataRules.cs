using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>What ConfigMaps and Secrets contain. Keys are shown, never values.</summary>
internal static class DataRules
{
    private const int Limit = 1024 * 1024;
    private static readonly string[] Parts = ["data", "binaryData", "stringData"];

    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        if (ObjectText.Group(item).Length > 0 || ObjectText.Kind(item) is not ("ConfigMap" or "Secret"))
        {
            return [];
        }

        var whole = new Field(item);
        var entries = Parts.SelectMany(part => whole[part].Entries).ToArray();
        var issues = entries.Where(entry => NameRules.CheckKey(entry.Key) is not null).Select(entry => entry.Value.Wrong($"the key '{entry.Key}': {NameRules.CheckKey(entry.Key)}"))
            .Concat(whole["binaryData"].Entries.Where(entry => whole["data"][entry.Key].IsSet).Select(entry => entry.Value.Wrong("the key is in data as well")));
        var isSecret = ObjectText.Kind(item) == "Secret";
        return issues.Concat(isSecret ? Missing(whole, [.. entries.Select(entry => entry.Key)]) : [])
            .Concat(entries.Sum(entry => Size(entry.Value, isSecret)) > Limit ? [whole["data"].Wrong("all values together may have 1 MiB")] : []);
    }

    private static IEnumerable<FieldIssue> Missing(Field secret, HashSet<string> keys) =>
        SecretTypes.Keys(secret["type"].Text ?? "").Where(key => !keys.Contains(key)).Select(key => secret["data"][key].Missing());

    private static long Size(Field value, bool isSecret)
    {
        var text = value.Text ?? "";
        return isSecret == (value.Path[0] == "data") || value.Path[0] == "binaryData" ? isSecret || value.Path[0] == "binaryData" ? Base64Text.LengthOf(text) ?? 0 : Encoding.UTF8.GetByteCount(text) : Encoding.UTF8.GetByteCount(text);
    }
}
