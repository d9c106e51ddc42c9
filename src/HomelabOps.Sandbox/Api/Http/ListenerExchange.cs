using System.Net;
using System.Net.WebSockets;

namespace HomelabOps.Sandbox.Api.Http;

/// <summary>An exchange over a connection to the listener.</summary>
internal sealed class ListenerExchange(HttpListenerContext http) : ApiExchange
{
    private const string ProtocolHeader = "Sec-WebSocket-Protocol";

    public override string Method => http.Request.HttpMethod;

    public override string Target => http.Request.RawUrl ?? "/";

    public override Stream Body => http.Request.InputStream;

    public override IEnumerable<string> HeaderNames => http.Request.Headers.AllKeys.OfType<string>();

    public override bool IsWebSocketRequest => http.Request.IsWebSocketRequest;

    public override string? Header(string name) => http.Request.Headers[name];

    /// <inheritdoc/>
    /// <remarks>Without a length HttpListener sends two segments and waits 40 ms in between.</remarks>
    public override Stream Begin(int status, IEnumerable<KeyValuePair<string, string>> headers, long? length)
    {
        http.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            http.Response.AppendHeader(name, value);
        }

        if (length is { } bytes)
        {
            http.Response.ContentLength64 = bytes;
        }
        else
        {
            http.Response.SendChunked = true;
            return ListenerConnection.ChunkedBody(http);
        }

        return http.Response.OutputStream;
    }

    public override void End() => http.Response.Close();

    public override void Reset() => ListenerConnection.Reset(http);

    public override void Abort() => http.Response.Abort();

    public override async Task<WebSocket> AcceptWebSocketAsync(string protocol)
    {
        // HttpListener refuses the slash that some of Kubernetes' protocols have in their names, so it neither sees what is offered nor what is chosen.
        http.Request.Headers.Remove(ProtocolHeader);
        http.Response.Headers[ProtocolHeader] = protocol;
        return (await http.AcceptWebSocketAsync(null)).WebSocket;
    }
}
