using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Testing;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>A real browser without a window, driven over its own protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonNode> _events = [];
    private string _session = "";
    private int _last;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>Addresses that pages have asked for.</summary>
    public IEnumerable<string> Requests => _events.Where(item => (string?)item["method"] == "Network.requestWillBeSent").Select(item => (string?)item["params"]!["request"]!["url"] ?? "");

    /// <summary>The browser of this machine; null for none.</summary>
    public static string? Find() => new[] { Environment.GetEnvironmentVariable("HOMELABOPS_BROWSER") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(folder => new[] { "chromium", "google-chrome", "chrome" }.Select(name => Path.Combine(folder, name))))
        .FirstOrDefault(file => !string.IsNullOrEmpty(file) && File.Exists(file));

    public static async Task<Browser> StartAsync(string program)
    {
        var profile = Directory.CreateTempSubdirectory("homelabops-browser-").FullName;
        var start = new ProcessStartInfo(program, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new Browser(Process.Start(start)!, profile);
        using var stop = new CancellationTokenSource(Patience);
        string? line;
        while ((line = await browser._process.StandardError.ReadLineAsync(stop.Token)) is not null)
        {
            if (line.Contains("ws://", StringComparison.Ordinal))
            {
                _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
                _ = browser._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                await browser._socket.ConnectAsync(new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..].Trim()), stop.Token);
                var target = await browser.CallAsync("Target.createTarget", new() { ["url"] = "about:blank" });
                browser._session = (string)(await browser.CallAsync("Target.attachToTarget", new() { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }))["sessionId"]!;
                _ = await browser.CallAsync("Page.enable");
                _ = await browser.CallAsync("Network.enable");
                return browser;
            }
        }

        throw new InvalidOperationException("The browser ended at once.");
    }

    /// <summary>Opens a page as a screen of a width shows it.</summary>
    public async Task OpenAsync(string file, int width, string scheme, string media = "screen")
    {
        _ = await CallAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        _ = await CallAsync("Emulation.setEmulatedMedia", new() { ["media"] = media, ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });
        _ = await CallAsync("Page.navigate", new() { ["url"] = new Uri(file).AbsoluteUri });
        _ = await EvaluateAsync("new Promise(done => document.readyState === 'complete' ? done(1) : addEventListener('load', () => done(1)))");
    }

    /// <summary>What an expression comes to, which may be a promise.</summary>
    public async Task<JsonNode?> EvaluateAsync(string script)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } failure ? throw new InvalidOperationException(failure.ToJsonString()) : answer["result"]!["value"];
    }

    public async Task PictureAsync(string file, bool isWhole) => await File.WriteAllBytesAsync(
        file, Convert.FromBase64String((string)(await CallAsync("Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = isWhole }))["data"]!));

    public async Task<byte[]> PrintAsync() => Convert.FromBase64String((string)(await CallAsync("Page.printToPDF", new() { ["printBackground"] = false }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Scratch.Delete(_profile);
        }
        catch (IOException)
        {
            // A child of it may be about to end.
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_last;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session.Length > 0)
        {
            call["sessionId"] = _session;
        }

        using var stop = new CancellationTokenSource(Patience);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, stop.Token);
            while (true)
            {
                var message = await ReceiveAsync(stop.Token);
                if ((int?)message["id"] == id)
                {
                    return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
                }

                _events.Add(message);
            }
        }
        catch (OperationCanceledException)
        {
            // A machine with other work may starve a browser, which says nothing of the page.
            Assert.Skip($"The browser did not answer {method} within {Patience.TotalMinutes} minutes.");
            throw;
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken stop)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), stop);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
