using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>Objects as they are written, before any build.</summary>
internal static class RawManifest
{
    /// <summary>The object; null when it cannot be told, which the check of the syntax reports.</summary>
    public static JsonObject? Read(YamlNode node)
    {
        try
        {
            return node.ToJson("", YamlSchema.Manifest) as JsonObject;
        }
        catch (HomelabException)
        {
            return null;
        }
    }
}
