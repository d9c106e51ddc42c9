using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HomelabOps.Testing;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

/// <summary>
/// Two real Syncthings on loopback that know each other, of which the first has files. Without the program the test is skipped, unless
/// the lab is required, which installs it.
/// </summary>
internal sealed class RealSyncthing : IAsyncDisposable
{
    private const string Key = "key-of-the-test";
    private readonly IReadOnlyList<RealSyncthingSide> _sides;
    private readonly int _speed;
    private readonly bool _watches;
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-syncthing-").FullName;
    private readonly List<Process> _processes = [];
    private readonly HttpClient _client;

    private RealSyncthing(IReadOnlyList<RealSyncthingSide> sides, int speed, bool watches)
    {
        (_sides, _speed, _watches) = (sides, speed, watches);
        _client = Client(sides[0]);
    }

    /// <summary>Where their APIs listen.</summary>
    public int[] Ports { get; private set; } = [];

    /// <summary>Where their files are.</summary>
    public string[] Folders { get; private set; } = [];

    public string[] Ids { get; private set; } = [];

    public string Peer { get; private set; } = "";

    public static Task<RealSyncthing> StartAsync() => StartAsync([new(Key), new(Key)]);

    /// <param name="sides">Both.</param>
    /// <param name="speed">KiB a second that they send; 0 for as fast as they can.</param>
    /// <param name="watches">They notice by themselves what changes in their folders.</param>
    public static async Task<RealSyncthing> StartAsync(IReadOnlyList<RealSyncthingSide> sides, int speed = 0, bool watches = true)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "syncthing")).FirstOrDefault(File.Exists);
        Assert.False(program is null && Environment.GetEnvironmentVariable("HOMELABOPS_REQUIRE_LAB") == "1", "Syncthing is not installed.");
        Assert.SkipWhen(program is null, "Syncthing is not installed.");
        var real = new RealSyncthing(sides, speed, watches);
        try
        {
            await real.StartAsync(program!);
            return real;
        }
        catch
        {
            await real.DisposeAsync();
            throw;
        }
    }

    public Task PostAsync(string path, int side = 0) => SendAsync(HttpMethod.Post, path, side);

    public async Task<JsonNode?> GetAsync(string path, int side = 0) => JsonNode.Parse(await SendAsync(HttpMethod.Get, path, side));

    private async Task<string> SendAsync(HttpMethod method, string path, int side)
    {
        using var request = new HttpRequestMessage(method, new UriBuilder(_client.BaseAddress!) { Port = Ports[side] }.Uri + path);
        request.Headers.Add("X-API-Key", _sides[side].Key);
        using var client = Client(_sides[side]);
        using var response = await client.SendAsync(request, Cluster.Stop);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Cluster.Stop);
    }

    public async Task<(int Status, string Text)> AnswerAsync(string path, string? key = Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-API-Key", key);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _client.BaseAddress };
        using var response = await client.SendAsync(request, Cluster.Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cluster.Stop));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _client.Dispose();
        Scratch.Delete(_folder);
    }

    private static HttpClient Client(RealSyncthingSide side)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        var trusted = side.Certificate is { } pem ? X509Certificate2.CreateFromPem(pem).GetCertHashString() : null;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == trusted;
        return new(handler);
    }

    private async Task StartAsync(string program)
    {
        string[] homes = [Path.Combine(_folder, "a"), Path.Combine(_folder, "b")];
        var ids = new List<string>();
        foreach (var home in homes)
        {
            await RunAsync(program, "generate", $"--home={home}", "--no-default-folder");
            ids.Add((await RunAsync(program, $"--home={home}", "--device-id")).Trim());
        }

        (Peer, Ids) = (ids[1], [.. ids]);
        var (ports, data) = (Enumerable.Range(0, 4).Select(_ => Loopback.FreePort()).ToArray(), Path.Combine(homes[0], "data"));
        (Ports, Folders) = (ports[..2], [.. homes.Select(home => Path.Combine(home, "data"))]);
        Directory.CreateDirectory(Path.Combine(data, "sub"));
        await File.WriteAllTextAsync(Path.Combine(data, "sub", "file.txt"), "content");
        for (var index = 0; index < 2; index++)
        {
            Directory.CreateDirectory(Path.Combine(homes[index], "data"));
            await File.WriteAllTextAsync(Path.Combine(homes[index], "config.xml"), Configuration(homes[index], ids, ports, index));
            if (_sides[index].Certificate is { } certificate)
            {
                await File.WriteAllTextAsync(Path.Combine(homes[index], "https-cert.pem"), certificate);
                await File.WriteAllTextAsync(Path.Combine(homes[index], "https-key.pem"), _sides[index].CertificateKey);
            }

            _processes.Add(Process.Start(new ProcessStartInfo(program, ["serve", $"--home={homes[index]}", "--no-browser"]) { RedirectStandardOutput = true, UseShellExecute = false })!);
        }

        foreach (var process in _processes)
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }

        _client.BaseAddress = new Uri($"{(_sides[0].Certificate is null ? "http" : "https")}://127.0.0.1:{ports[0]}/");
        await Cluster.UntilAsync(IsConnectedAsync, "the two are connected");
    }

    private async Task<bool> IsConnectedAsync()
    {
        try
        {
            return (bool)(await GetAsync("rest/system/connections"))!["connections"]![Peer]!["connected"]!
                && (double)(await GetAsync($"rest/db/completion?folder=syncthing-folder-id&device={Peer}"))!["completion"]! >= 100;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Configuration(string home, List<string> ids, int[] ports, int index) => $"""
        <configuration version="35">
          <folder id="syncthing-folder-id" path="{Path.Combine(home, "data")}" type="sendreceive"{(_watches ? "" : " fsWatcherEnabled=\"false\" rescanIntervalS=\"0\"")}><maxConflicts>10</maxConflicts><device id="{ids[0]}"/><device id="{ids[1]}"/></folder>
          <device id="{ids[0]}" name="a"><address>tcp://127.0.0.1:{ports[2]}</address></device>
          <device id="{ids[1]}" name="b"><address>tcp://127.0.0.1:{ports[3]}</address></device>
          <gui enabled="true" tls="{(_sides[index].Certificate is null ? "false" : "true")}"><address>127.0.0.1:{ports[index]}</address><apikey>{System.Security.SecurityElement.Escape(_sides[index].Key)}</apikey><insecureSkipHostcheck>true</insecureSkipHostcheck></gui>
          <options><listenAddress>tcp://127.0.0.1:{ports[2 + index]}</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled><localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled>
            <natEnabled>false</natEnabled><urAccepted>-1</urAccepted><crashReportingEnabled>false</crashReportingEnabled><autoUpgradeIntervalH>0</autoUpgradeIntervalH><reconnectionIntervalS>2</reconnectionIntervalS><maxSendKbps>{_speed}</maxSendKbps><limitBandwidthInLan>true</limitBandwidthInLan></options>
        </configuration>
        """;

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync(Cluster.Stop);
        await process.WaitForExitAsync(Cluster.Stop);
        return text;
    }
}
