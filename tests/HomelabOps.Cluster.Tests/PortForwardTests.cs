using System.Net;
using System.Net.Sockets;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ports of this machine that lead to applications of the embedded homelab.</summary>
[Collection(nameof(Alone))]
public sealed class PortForwardTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Many_connections_arrive_at_once_and_the_port_is_closed_afterwards()
    {
        var forward = Run("Start-HomelabPortForward sonarr").ThrowIfFailed().Output.Single();
        var uri = (Uri)forward.Properties["Uri"].Value;
        Assert.Equal((8989, "Listening", "127.0.0.1"), (forward.Properties["RemotePort"].Value, $"{forward.Properties["State"].Value}", uri.Host));
        using (var http = Client())
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetAsync(new Uri(uri, "ping"))));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        }

        Assert.Equal(["sonarr"], Run("(Get-HomelabPortForward).Name").ThrowIfFailed().Strings);
        Assert.Equal(["Stopped"], Run("Get-HomelabPortForward | Stop-HomelabPortForward | ForEach-Object State").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabPortForward").ThrowIfFailed().Output);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(uri.Host, uri.Port));
    }

    [Fact]
    public async Task A_pod_that_has_gone_is_followed_by_its_successor()
    {
        var uri = (Uri)Run("Start-HomelabPortForward prowlarr").ThrowIfFailed().Output.Single().Properties["Uri"].Value;
        var before = Run("(Get-HomelabPortForward).Pod").ThrowIfFailed().Strings.Single();
        Run("$null = Restart-HomelabApp prowlarr -TimeoutSeconds 120").ThrowIfFailed();
        using var http = Client();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(uri, "ping"))).StatusCode);
        Assert.NotEqual(before, Run("(Get-HomelabPortForward).Pod").ThrowIfFailed().Strings.Single());
        Run($"$null = Stop-HomelabPortForward {uri.Port}").ThrowIfFailed();
    }

    [Fact]
    public void A_probe_tells_what_an_application_answers()
    {
        var probe = Run("Test-HomelabApp sonarr -Path /ping").ThrowIfFailed().Output.Single();
        Assert.Equal((200, true), (probe.Properties["StatusCode"].Value, probe.Properties["Healthy"].Value));
        Assert.EndsWith(":8989/ping", (string)probe.Properties["Url"].Value, StringComparison.Ordinal);
        Assert.NotNull(probe.Properties["Latency"].Value);
        Assert.Equal(["False"], Run("(Test-HomelabApp sonarr -Port 4).Healthy").ThrowIfFailed().Strings);

        // The API server answers 401 to who does not know its secret.
        Assert.DoesNotContain("401", Run("(Test-HomelabApp sonarr -Path \"$((Get-HomelabConnection).Server)version\").StatusCode").ThrowIfFailed().Strings);
        Assert.Empty(Run("Get-HomelabPortForward").ThrowIfFailed().Output);
    }

    [Fact]
    public void WhatIf_opens_and_closes_nothing()
    {
        Run("Start-HomelabPortForward sonarr -WhatIf").ThrowIfFailed();
        Assert.Empty(Run("Get-HomelabPortForward").ThrowIfFailed().Output);
        var port = Run("(Start-HomelabPortForward sonarr).LocalPort").ThrowIfFailed().Strings.Single();
        Run($"Stop-HomelabPortForward {port} -WhatIf").ThrowIfFailed();
        Assert.Single(Run("Get-HomelabPortForward | Stop-HomelabPortForward").ThrowIfFailed().Output);
    }

    [Fact]
    public void A_port_that_is_in_use_is_an_error()
    {
        var port = Run("(Start-HomelabPortForward sonarr).LocalPort").ThrowIfFailed().Strings.Single();
        Assert.Equal("PortUnavailable", Id($"Start-HomelabPortForward radarr -LocalPort {port}"));
        Run($"$null = Stop-HomelabPortForward {port}").ThrowIfFailed();
    }

    [Fact]
    public void An_application_without_pods_cannot_be_forwarded_to()
    {
        Run("$null = Stop-HomelabApp overseerr -TimeoutSeconds 120").ThrowIfFailed();
        var id = Id("Start-HomelabPortForward overseerr");
        var probe = Run("(Test-HomelabApp overseerr).Healthy");
        Run("$null = Start-HomelabApp overseerr -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal("PortForwardNoPod", id);
        Assert.Equal(["False"], probe.ThrowIfFailed().Strings);
    }

    [Theory]
    [InlineData("@(Get-HomelabApp | Where-Object Kind -EQ CronJob)[0] | Start-HomelabPortForward", "PortUnknown")]
    [InlineData("Start-HomelabPortForward", "NameRequired")]
    [InlineData("Test-HomelabApp none", "AppNotFound")]
    [InlineData("Get-HomelabPortForward 1", "PortForwardNotFound")]
    [InlineData("Stop-HomelabPortForward 1", "PortForwardNotFound")]
    public void What_cannot_be_meant_is_an_error(string script, string id) => Assert.Equal(id, Id(script));

    [Theory]
    [InlineData("Test-HomelabApp", "-Port")]
    [InlineData("Start-HomelabPortForward", "-RemotePort")]
    public void Who_names_no_port_is_told_by_which_parameter(string command, string parameter) =>
        Assert.EndsWith($" {parameter}.", Assert.Single(Run($"@(Get-HomelabApp | Where-Object Kind -EQ CronJob)[0] | {command}").Errors).Exception.Message, StringComparison.Ordinal);

    [Fact]
    public void Port_forwards_end_with_their_connection()
    {
        Run("$null = Start-HomelabPortForward sonarr").ThrowIfFailed();
        var left = Run("$null = Disconnect-Homelab; Get-HomelabPortForward");
        Run("$null = Connect-Homelab -Sandbox").ThrowIfFailed();
        Assert.Empty(left.ThrowIfFailed().Output);
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    private string Id(string script) => Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0];

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
