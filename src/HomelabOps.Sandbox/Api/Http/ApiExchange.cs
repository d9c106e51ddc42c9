using System.Net.WebSockets;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>One request and its answer, whatever carries them.</summary>
internal abstract class ApiExchange
{
    public abstract string Method { get; }

    /// <summary>Path and query as they were sent.</summary>
    public abstract string Target { get; }

    /// <summary>What the client sends.</summary>
    public abstract Stream Body { get; }

    public abstract IEnumerable<string> HeaderNames { get; }

    public virtual bool IsWebSocketRequest => false;

    /// <summary>A header of the request; null when it was not sent.</summary>
    public abstract string? Header(string name);

    /// <summary>Begins the answer.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="headers">Headers; a name may come several times.</param>
    /// <param name="length">Bytes of the body; null for one that has no end yet.</param>
    /// <returns>Takes the body.</returns>
    public abstract Stream Begin(int status, IEnumerable<KeyValuePair<string, string>> headers, long? length);

    /// <summary>The answer is complete.</summary>
    public abstract void End();

    /// <summary>Breaks the connection; the client sees a reset.</summary>
    public abstract void Reset();

    /// <summary>Gives up the answer, as far as there is one.</summary>
    public abstract void Abort();

    /// <summary>Answers with a WebSocket that speaks this protocol.</summary>
    public virtual Task<WebSocket> AcceptWebSocketAsync(string protocol) => throw new NotSupportedException("This exchange carries no WebSocket.");
}
