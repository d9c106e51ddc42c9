using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>What a server in a pod answers.</summary>
internal sealed record PodHttpResponse(int Status, string? ContentType, byte[] Body)
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>Further headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static PodHttpResponse Empty { get; } = new(200, null, []);

    public static PodHttpResponse Text(int status, string text) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static PodHttpResponse Json(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            node.WriteTo(writer);
        }

        buffer.Write("\n"u8);
        return new(200, "application/json; charset=utf-8", buffer.WrittenSpan.ToArray());
    }
}
