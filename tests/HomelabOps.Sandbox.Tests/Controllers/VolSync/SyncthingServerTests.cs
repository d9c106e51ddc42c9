using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync;
using HomelabOps.Sandbox.Tests.Controllers.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Tests.Controllers.VolSync;

public sealed class SyncthingServerTests
{
    [Fact]
    public async Task It_answers_over_HTTPS_with_the_certificate_and_the_key_of_the_Secret()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs");
        await cluster.AddUserAsync("sonarr-1", "pvc-sonarr", "k3s-w1");
        var pod = await cluster.GetAsync(ResourceType.Pod, "volsync-sonarr-primary-0");
        var secret = await cluster.GetAsync(Types.Secret, "volsync-sonarr-primary");
        Assert.True(cluster.Server.Serves(pod, 8384));
        Assert.False(cluster.Server.Serves(pod, 22000));
        Assert.False(cluster.Server.Serves(await cluster.GetAsync(ResourceType.Pod, "sonarr-1"), 8384));

        using var pair = await StreamPair.OpenAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cluster.Stop);
        var serving = cluster.Server.ServeAsync(pod, 8384, pair.Server, stop.Token);
        using var client = Client(pair.Client, SyncthingSecret.Field(secret, "httpsCertPEM"));
        using (var refused = await client.GetAsync("rest/system/status", Cluster.Stop))
        {
            Assert.Equal((HttpStatusCode.Forbidden, "CSRF Error\n"), (refused.StatusCode, await refused.Content.ReadAsStringAsync(Cluster.Stop)));
        }

        client.DefaultRequestHeaders.Add("X-API-Key", SyncthingSecret.Field(secret, "apikey"));
        var status = JsonNode.Parse(await client.GetStringAsync("rest/system/status", Cluster.Stop))!;
        Assert.Equal(Sandbox.Homelab.SyncthingIdentity.Of(1, "media", "sonarr-primary"), (string?)status["myID"]);
        await Cluster.UntilAsync(async () => (long)JsonNode.Parse(await client.GetStringAsync("rest/db/status?folder=syncthing-folder-id", Cluster.Stop))!["globalBytes"]! > 0, "the application writes");
        var events = JsonNode.Parse(await client.GetStringAsync("rest/events?since=0&timeout=1", Cluster.Stop))!.AsArray();
        Assert.Contains(events, item => (string?)item!["type"] == "LocalIndexUpdated");
        var last = (int)events[^1]!["id"]!;
        var waiting = client.GetStringAsync($"rest/events?since={last}&timeout=30", Cluster.Stop);
        cluster.World.Syncthing.Write(new("media", "sonarr-primary"), "told.txt", 5, 5);
        cluster.World.Syncthing.Scan(new("media", "sonarr-primary"));
        Assert.NotEmpty(JsonNode.Parse(await waiting)!.AsArray());
        using var scan = await client.PostAsync("rest/db/scan?folder=syncthing-folder-id", null, Cluster.Stop);
        Assert.Equal(HttpStatusCode.OK, scan.StatusCode);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task A_client_that_does_not_trust_it_ends_the_connection()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs");
        var pod = await cluster.GetAsync(ResourceType.Pod, "volsync-sonarr-primary-0");
        using var pair = await StreamPair.OpenAsync();
        var serving = cluster.Server.ServeAsync(pod, 8384, pair.Server, Cluster.Stop);
        using var client = Client(pair.Client, null);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("rest/system/ping", Cluster.Stop));
        await serving.WaitAsync(TimeSpan.FromSeconds(90), Cluster.Stop);
    }

    [Fact]
    public async Task Another_key_ends_the_connections_that_know_the_former_one()
    {
        await using var cluster = await VolSyncCluster.StartAsync();
        await cluster.AddSourceAsync("sonarr-primary", """{"sourcePVC":"pvc-sonarr","syncthing":{}}""");
        await cluster.StatusAsync("sonarr-primary", status => Text(status, "syncthing.ID").Length > 0, "it runs");
        var pod = await cluster.GetAsync(ResourceType.Pod, "volsync-sonarr-primary-0");
        using var pair = await StreamPair.OpenAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cluster.Stop);
        stop.CancelAfter(TimeSpan.FromSeconds(90));
        var serving = cluster.Server.ServeAsync(pod, 8384, pair.Server, stop.Token);
        using var client = Client(pair.Client, SyncthingSecret.Field(await cluster.GetAsync(Types.Secret, "volsync-sonarr-primary"), "httpsCertPEM"));
        await client.GetStringAsync("rest/noauth/health", stop.Token);
        await cluster.PatchAsync(Types.Secret, "volsync-sonarr-primary", """{"data":{"apikey":"b3RoZXI="}}""");
        while (!serving.IsCompleted)
        {
            // Whoever serves has closed nothing yet: that is left to who made the connection.
            await Task.WhenAny(client.GetStringAsync("rest/noauth/health", stop.Token), serving);
        }

        await serving;
        Assert.False(stop.IsCancellationRequested);
    }

    private static HttpClient Client(Stream connection, string? certificate)
    {
        var trusted = certificate is null ? null : X509Certificate2.CreateFromPem(certificate).GetCertHashString();
        var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult(connection) };
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => trusted is not null && presented?.GetCertHashString() == trusted };
        return new(handler) { BaseAddress = new Uri("https://volsync-sonarr-primary-api.media:8384/") };
    }
}
