using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// HTTP/1.1 on one connection, for what listens within pods: bodies with a length, connections that stay open, one request
/// after the other. What it does not carry out (chunked bodies) it refuses.
/// </summary>
internal static class PodHttpServer
{
    private const int LongestHead = 64 * 1024;

    // The first byte of who speaks TLS to a server that does not.
    private const byte Handshake = 0x16;
    private const int LongestBody = 4 * 1024 * 1024;

    /// <summary>Answers requests until the client closes, or says that it is the last.</summary>
    public static async Task ServeAsync(Stream connection, Func<PodHttpRequest, CancellationToken, Task<PodHttpResponse>> answer, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(connection, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                string[]? head;
                PodHttpRequest? request;
                try
                {
                    head = await ReadHeadAsync(reader, cancellationToken);
                    if (head is null)
                    {
                        return;
                    }

                    request = await ReadAsync(reader, connection, head, cancellationToken);
                }
                catch (BadRequest error)
                {
                    await WriteAsync(connection, PodHttpResponse.Text(error.Status, $"{error.Status} {Phrase(error.Status)}"), isHead: false, isLast: true, cancellationToken);
                    return;
                }

                var isLast = head[0].EndsWith("HTTP/1.0", StringComparison.Ordinal) || request.Headers.GetValueOrDefault("Connection", "").Equals("close", StringComparison.OrdinalIgnoreCase);
                var response = await answer(request, cancellationToken);
                await WriteAsync(connection, response, request.Method == "HEAD", isLast, cancellationToken);
                if (isLast)
                {
                    return;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async Task<string[]?> ReadHeadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (HeadEnd(buffer) is { } end)
            {
                var text = Encoding.Latin1.GetString(buffer.Slice(0, end));
                reader.AdvanceTo(end);
                return text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines ? lines : throw new BadRequest(400);
            }

            if (!buffer.IsEmpty && buffer.FirstSpan[0] == Handshake)
            {
                throw new BadRequest(400);
            }

            if (buffer.Length > LongestHead)
            {
                throw new BadRequest(431);
            }

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new BadRequest(400);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static SequencePosition? HeadEnd(ReadOnlySequence<byte> buffer)
    {
        var search = new SequenceReader<byte>(buffer);
        return search.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) ? search.Position : null;
    }

    private static async Task<PodHttpRequest> ReadAsync(PipeReader reader, Stream connection, string[] head, CancellationToken cancellationToken)
    {
        if (head[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || !target.StartsWith('/'))
        {
            throw new BadRequest(400);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[colon > 0 ? line[..colon].Trim() : throw new BadRequest(400)] = line[(colon + 1)..].Trim();
        }

        if (headers.ContainsKey("Transfer-Encoding"))
        {
            throw new BadRequest(411);
        }

        var length = 0;
        if (headers.TryGetValue("Content-Length", out var number) && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            throw new BadRequest(400);
        }

        if (length > LongestBody)
        {
            throw new BadRequest(413);
        }

        if (length > 0 && headers.GetValueOrDefault("Expect", "").Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
        }

        var (path, query) = Target(target);
        return new(method.ToUpperInvariant(), path, query, headers, await ReadBodyAsync(reader, length, cancellationToken));
    }

    private static async Task<byte[]> ReadBodyAsync(PipeReader reader, int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return [];
        }

        var read = await reader.ReadAtLeastAsync(length, cancellationToken);
        if (read.Buffer.Length < length)
        {
            throw new BadRequest(400);
        }

        var body = read.Buffer.Slice(0, length);
        var bytes = body.ToArray();
        reader.AdvanceTo(body.End);
        return bytes;
    }

    private static (string Path, Dictionary<string, string> Query) Target(string target)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        foreach (var part in mark < 0 ? [] : target[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            query.TryAdd(Decode(equals < 0 ? part : part[..equals]), equals < 0 ? "" : Decode(part[(equals + 1)..]));
        }

        return (Uri.UnescapeDataString(mark < 0 ? target : target[..mark]), query);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static async Task WriteAsync(Stream connection, PodHttpResponse response, bool isHead, bool isLast, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} {Phrase(response.Status)}\r\n");
        foreach (var (name, value) in response.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (response.ContentType is { } type)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.Body.Length}\r\n");
        head.Append(isLast ? "Connection: close\r\n\r\n" : "\r\n");
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head.ToString()), .. isHead ? [] : response.Body];
        await connection.WriteAsync(bytes, cancellationToken);
        await connection.FlushAsync(cancellationToken);
    }

    private static string Phrase(int status) => ((HttpStatusCode)status) switch
    {
        HttpStatusCode.OK => "OK",
        HttpStatusCode.BadRequest => "Bad Request",
        HttpStatusCode.Forbidden => "Forbidden",
        HttpStatusCode.NotFound => "Not Found",
        HttpStatusCode.MethodNotAllowed => "Method Not Allowed",
        HttpStatusCode.LengthRequired => "Length Required",
        HttpStatusCode.RequestEntityTooLarge => "Request Entity Too Large",
        HttpStatusCode.RequestHeaderFieldsTooLarge => "Request Header Fields Too Large",
        HttpStatusCode.InternalServerError => "Internal Server Error",
        var other => other.ToString(),
    };

    private sealed class BadRequest(int status) : Exception
    {
        public int Status => status;
    }
}
