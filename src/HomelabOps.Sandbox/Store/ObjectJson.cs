using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Store;

/// <summary>Writes stored bytes with the apiVersion and kind they are asked in.</summary>
internal static class ObjectJson
{
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The beginning of an object of this type, up to its first own field.</summary>
    public static byte[] Head(string apiVersion, string kind) => System.Text.Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{apiVersion}\",\"kind\":\"{kind}\",");

    /// <summary>The object with its type in front.</summary>
    public static byte[] WithHead(byte[] head, byte[] json)
    {
        var result = new byte[head.Length + json.Length - 1];
        head.CopyTo(result, 0);
        json.AsSpan(1).CopyTo(result.AsSpan(head.Length));
        return result;
    }

    public static byte[] ToBytes(JsonNode node) => JsonBytes.Of(node, static (writer, node) => node.WriteTo(writer));
}
