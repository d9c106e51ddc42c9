using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>Writes answers. The length is always said first where there is one.</summary>
internal sealed class ApiResponse(ApiExchange exchange)
{
    private readonly List<string> _warnings = [];
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private string? _retryAfter;

    /// <summary>Whether JSON is written for people.</summary>
    public bool Pretty { get; init; }

    /// <summary>Whether an answer was begun.</summary>
    public bool Started { get; private set; }

    public void Warn(string text)
    {
        if (!_warnings.Contains(text, StringComparer.Ordinal))
        {
            _warnings.Add(text);
        }
    }

    public Task SendAsync(JsonNode node, int status = 200, string contentType = "application/json") => SendAsync(ObjectJson.ToBytes(node), status, contentType);

    public Task SendTextAsync(string text, int status = 200) => SendAsync(Encoding.UTF8.GetBytes(text), status, "text/plain; charset=utf-8");

    public Task SendAsync(byte[] body, int status, string contentType) => SendAsync([body], body.Length, status, contentType);

    /// <summary>Sends headers of somebody else beside the usual ones.</summary>
    public Task SendAsync(byte[] body, int status, string contentType, IEnumerable<KeyValuePair<string, string>> headers)
    {
        _headers.AddRange(headers);
        return SendAsync(body, status, contentType);
    }

    /// <summary>Sends parts that are together so long.</summary>
    public async Task SendAsync(IEnumerable<ReadOnlyMemory<byte>> parts, long length, int status, string contentType)
    {
        if (Pretty && contentType.StartsWith("application/json", StringComparison.Ordinal))
        {
            var pretty = Indent([.. parts.SelectMany(part => part.ToArray())]);
            (parts, length) = ([pretty], pretty.Length);
        }

        var output = Begin(status, contentType, length);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var filled = 0;
            foreach (var part in parts)
            {
                if (filled + part.Length > buffer.Length)
                {
                    await output.WriteAsync(buffer.AsMemory(0, filled));
                    filled = 0;
                }

                if (part.Length > buffer.Length)
                {
                    await output.WriteAsync(part);
                    continue;
                }

                part.CopyTo(buffer.AsMemory(filled));
                filled += part.Length;
            }

            await output.WriteAsync(buffer.AsMemory(0, filled));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        exchange.End();
    }

    public Task SendErrorAsync(ApiException error)
    {
        if (error.RetryAfter is { } seconds)
        {
            _retryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return SendAsync(error.ToStatus(), error.Code);
    }

    /// <summary>Begins an answer that has no end yet.</summary>
    public Stream BeginStream(string contentType) => Begin(200, contentType, null);

    /// <summary>What was begun is complete.</summary>
    public void End() => exchange.End();

    private static byte[] Indent(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        return output.ToArray();
    }

    private Stream Begin(int status, string contentType, long? length)
    {
        Started = true;
        var headers = new List<KeyValuePair<string, string>> { new("Content-Type", contentType), new("Cache-Control", "no-cache, private") };
        headers.AddRange(_headers);
        if (_retryAfter is not null)
        {
            headers.Add(new("Retry-After", _retryAfter));
        }

        headers.AddRange(_warnings.Select(warning => new KeyValuePair<string, string>(
            "Warning", $"299 - \"{warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")));
        return exchange.Begin(status, headers, length);
    }
}
