using System.Net;

namespace HomelabOps.Cluster.Tests;

/// <summary>Ports that lead through a real API server and a real kubelet.</summary>
[Collection(nameof(Alone))]
public sealed class LabPortForwardTests : ClusterTest
{
    private const string Deployment = """
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "metadata": { "name": "web" },
          "spec": {
            "selector": { "matchLabels": { "app": "web" } },
            "template": {
              "metadata": { "labels": { "app": "web" } },
              "spec": {
                "terminationGracePeriodSeconds": 0,
                "containers": [{
                  "name": "web", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent",
                  "command": ["sh", "-c", "mkdir /www; echo hello >/www/ping; exec httpd -f -p 8080 -h /www"],
                  "readinessProbe": { "httpGet": { "path": "/ping", "port": 8080 }, "periodSeconds": 1 }
                }]
              }
            }
          }
        }
        """;

    private readonly LabNamespace _space = new();

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    [Fact]
    public async Task Many_connections_reach_a_container_and_a_probe_tells_its_answer()
    {
        _space.Send(HttpMethod.Post, $"/apis/apps/v1/namespaces/{_space.Name}/deployments", Deployment);
        Assert.Equal([true], Run($"Wait-HomelabRollout web -Namespace {_space.Name} -TimeoutSeconds 60").ThrowIfFailed().Values("Complete"));

        var forward = Run($"Start-HomelabPortForward web -RemotePort 8080 -Namespace {_space.Name}").ThrowIfFailed().Output.Single();
        var uri = (Uri)forward.Properties["Uri"].Value;
        using (var http = new HttpClient())
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetStringAsync(new Uri(uri, "ping"))));
            Assert.All(answers, answer => Assert.Equal("hello\n", answer));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(uri, "none"))).StatusCode);
        }

        Assert.Equal(["Stopped"], Run("Get-HomelabPortForward | Stop-HomelabPortForward | ForEach-Object State").ThrowIfFailed().Strings);
        Assert.Equal(["200 True"], Run($"Test-HomelabApp web -Path /ping -Port 8080 -Namespace {_space.Name} | ForEach-Object {{ \"$($_.StatusCode) $($_.Healthy)\" }}").ThrowIfFailed().Strings);
        Assert.Equal(["False"], Run($"(Test-HomelabApp web -Port 4 -Namespace {_space.Name}).Healthy").ThrowIfFailed().Strings);
    }
}
