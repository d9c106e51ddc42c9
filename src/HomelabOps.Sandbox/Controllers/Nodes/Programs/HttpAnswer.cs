using System.Globalization;
using System.Text;

namespace HomelabOps.Sandbox.Controllers.Nodes.Programs;

/// <summary>What a server within the cluster answers to one request over plain HTTP.</summary>
/// <param name="Status">The first line, without its end.</param>
/// <param name="Head">The first line and the fields.</param>
/// <param name="Body">What follows them.</param>
internal sealed record HttpAnswer(string Status, string Head, byte[] Body)
{
    // Of the real time: what is asked lives in this process, and answers at once or never.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public int Code => Status.Split(' ') is [_, var code, ..] && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Asks over a connection, which ends with that.</summary>
    /// <returns>The answer; null for none.</returns>
    public static async Task<HttpAnswer?> AskAsync(Stream connection, string method, Uri url, string agent, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using (connection)
        {
            try
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"{method} {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nConnection: close\r\n\r\n"), patience.Token);
                await connection.FlushAsync(patience.Token);
                using var all = new MemoryStream();
                await connection.CopyToAsync(all, patience.Token);
                return Read(all.ToArray());
            }
            catch (Exception error) when (error is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private static HttpAnswer? Read(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = Encoding.ASCII.GetString(bytes, 0, end);
        return new(head.Split("\r\n")[0], head, bytes[(end + 4)..]);
    }
}
