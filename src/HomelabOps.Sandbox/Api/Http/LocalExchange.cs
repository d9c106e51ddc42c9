using System.IO.Pipelines;
using System.Net;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>An exchange with a client in this process, without a connection.</summary>
internal sealed class LocalExchange(HttpRequestMessage request, Stream body) : ApiExchange
{
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipeWriter? _endless;
    private Action _end = () => { };

    /// <summary>Ends when the head of the answer is there, with the whole body where that has a length.</summary>
    public Task<HttpResponseMessage> Answer => _answer.Task;

    public override string Method => request.Method.Method;

    public override string Target => request.RequestUri!.PathAndQuery;

    public override Stream Body => body;

    public override IEnumerable<string> HeaderNames => request.Headers.Select(header => header.Key);

    public override string? Header(string name) => name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        ? request.Content?.Headers.ContentType?.ToString()
        : request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    public override Stream Begin(int status, IEnumerable<KeyValuePair<string, string>> headers, long? length)
    {
        if (length is { } bytes)
        {
            var whole = new MemoryStream((int)bytes);
            _end = () => _answer.TrySetResult(Response(status, headers, new WholeContent(whole)));
            return whole;
        }

        var pipe = new Pipe();
        _endless = pipe.Writer;
        _end = () => pipe.Writer.Complete();
        _answer.TrySetResult(Response(status, headers, new StreamContent(pipe.Reader.AsStream())));
        return new PipeOutput(pipe.Writer);
    }

    public override void End() => _end();

    public override void Reset()
    {
        var error = new IOException("The connection was reset by the server.");
        _endless?.Complete(error);
        _answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, error.Message, error));
    }

    public override void Abort() => Reset();

    private HttpResponseMessage Response(int status, IEnumerable<KeyValuePair<string, string>> headers, HttpContent content)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = content };
        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    /// <summary>The bytes of an answer that is complete when it is read.</summary>
    private sealed class WholeContent(MemoryStream body) : HttpContent
    {
        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new MemoryStream(body.GetBuffer(), 0, (int)body.Length, writable: false);

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(CreateContentReadStream(CancellationToken.None));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body.GetBuffer(), 0, (int)body.Length);

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }

    /// <summary>Gives each write to the client at once, and fails when that reads no more.</summary>
    private sealed class PipeOutput(PipeWriter writer) : WriteOnlyStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if ((await writer.WriteAsync(buffer, cancellationToken)).IsCompleted)
            {
                throw new IOException("The client reads no more.");
            }
        }

        protected override void Dispose(bool disposing)
        {
            writer.Complete();
            base.Dispose(disposing);
        }
    }
}
