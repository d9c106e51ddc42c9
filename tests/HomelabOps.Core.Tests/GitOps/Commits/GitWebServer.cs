using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.GitOps.Commits;

/// <summary>A web server on loopback that serves repositories by git's own CGI program, to those who log in.</summary>
internal sealed class GitWebServer : IDisposable
{
    public const string User = "anna";
    public const string Password = "s3cret/of:anna@home";

    private readonly HttpListener _listener;
    private readonly string _folder;
    private readonly Task _loop;

    public GitWebServer(string folder)
    {
        _folder = folder;
        (_listener, var address) = Loopback.Listen();
        Port = address.Port;
        _loop = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    /// <summary>Status that all requests for a push get; 0 for none.</summary>
    public int RefusePushes { get; set; }

    /// <summary>Ends the connection after the push was carried out, before the client hears of it.</summary>
    public bool DropAnswers { get; set; }

    /// <summary>What clients sent as login, one a request.</summary>
    public ConcurrentQueue<string> Logins { get; } = new();

    public string Address(string repository, string? login = null) => $"http://{(login is null ? "" : login + "@")}127.0.0.1:{Port}/{repository}";

    public static string Login => $"{User}:{Uri.EscapeDataString(Password)}";

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (context.Request.Headers["Authorization"] is not { } login)
            {
                context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"homelab\"");
                Close(context, 401);
                return;
            }

            Logins.Enqueue(Encoding.UTF8.GetString(Convert.FromBase64String(login["Basic ".Length..])));
            var isPush = context.Request.RawUrl!.Contains("git-receive-pack", StringComparison.Ordinal);
            if (login != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")))
            {
                context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"homelab\"");
                Close(context, 401);
            }
            else if (isPush && RefusePushes != 0)
            {
                Close(context, RefusePushes);
            }
            else
            {
                await RunAsync(context, isPush && context.Request.HttpMethod == "POST");
            }
        }
        catch (Exception error) when (error is IOException or HttpListenerException or ObjectDisposedException)
        {
            // The client went away.
        }
    }

    private async Task RunAsync(HttpListenerContext context, bool isPush)
    {
        var request = context.Request;
        var start = new ProcessStartInfo("git", ["http-backend"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string?)[]
        {
            ("GIT_PROJECT_ROOT", _folder), ("GIT_HTTP_EXPORT_ALL", "1"), ("PATH_INFO", request.Url!.AbsolutePath), ("QUERY_STRING", request.Url.Query.TrimStart('?')), ("REQUEST_METHOD", request.HttpMethod),
            ("CONTENT_TYPE", request.ContentType), ("REMOTE_USER", User), ("REMOTE_ADDR", "127.0.0.1"), ("HTTP_CONTENT_ENCODING", request.Headers["Content-Encoding"]), ("GIT_PROTOCOL", request.Headers["Git-Protocol"]),
            ("CONTENT_LENGTH", request.ContentLength64 < 0 ? null : request.ContentLength64.ToString(CultureInfo.InvariantCulture)),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var body = Task.Run(async () =>
        {
            await request.InputStream.CopyToAsync(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        });
        _ = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await body;
        await process.WaitForExitAsync();
        if (isPush && DropAnswers)
        {
            context.Response.Abort();
            return;
        }

        var bytes = output.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split("\r\n"))
        {
            var (name, value) = (line.Split(": ")[0], line.Split(": ", 2)[1]);
            if (name == "Status")
            {
                context.Response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            }
            else
            {
                context.Response.AddHeader(name, value);
            }
        }

        context.Response.ContentLength64 = bytes.Length - end - 4;
        await context.Response.OutputStream.WriteAsync(bytes.AsMemory(end + 4));
        context.Response.Close();
    }

    private static void Close(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength64 = 0;
        context.Response.Close();
    }
}
