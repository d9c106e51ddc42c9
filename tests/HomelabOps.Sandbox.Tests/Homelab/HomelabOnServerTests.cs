using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

/// <summary>The homelab's objects on the embedded API server.</summary>
public sealed class HomelabOnServerTests : IDisposable
{
    private readonly SandboxServer _server = SandboxServer.Start(new() { Seed = 1 });
    private readonly HttpClient _http = new();

    [Theory]
    [InlineData(12)]
    [InlineData(60)]
    public async Task Every_object_is_accepted(int apps)
    {
        using var homelab = new SampleHomelab(new() { Apps = apps, Pods = 300 });

        // Nobody answers webhooks here, so they come last.
        foreach (var item in ClusterObjects.Of(homelab.Plan).Concat(homelab.Objects()).OrderBy(item => (string)item["kind"]! == "ValidatingWebhookConfiguration"))
        {
            var (kind, version) = _server.Context.Kinds.FindKind((string)item["apiVersion"]!, (string)item["kind"]!)!.Value;
            var group = kind.Group.Length == 0 ? "api" : "apis/" + kind.Group;
            var place = kind.Namespaced ? $"namespaces/{item["metadata"]!["namespace"] ?? throw new InvalidOperationException($"no namespace: {SampleHomelab.Key(item)}")}/" : "";
            var url = new Uri(_server.Url, $"{group}/{version.Name}/{place}{kind.Plural}/{Uri.EscapeDataString((string)item["metadata"]!["name"]!)}?fieldManager=kustomize-controller&force=true&fieldValidation=Strict");
            using var request = new HttpRequestMessage(HttpMethod.Patch, url) { Content = new StringContent(item.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/apply-patch+yaml")) };
            using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{SampleHomelab.Key(item)}: {answer}");
            Assert.False(response.Headers.Contains("Warning"), $"{SampleHomelab.Key(item)}: {string.Join(", ", response.Headers)}");
        }
    }

    [Fact]
    public void Secrets_are_drawn_anew_each_time()
    {
        var plan = new HomelabPlan(new() { Apps = 40 });
        var (one, other) = (Values(plan), Values(plan));
        Assert.Equal(one.Length, other.Length);
        Assert.InRange(one.Length, 6, 100);
        Assert.Empty(one.Intersect(other));
    }

    [Fact]
    public void The_secrets_that_the_manifests_name_are_made()
    {
        using var homelab = new SampleHomelab(new() { Apps = 40 });
        var made = ClusterObjects.Of(homelab.Plan).Where(item => (string?)item["kind"] == "Secret").Select(item => ((string)item["metadata"]!["namespace"]!, (string)item["metadata"]!["name"]!)).ToHashSet();
        var named = homelab.Objects().SelectMany(item => Names(item, (string?)item["metadata"]!["namespace"] ?? "")).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, made));
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    private static string[] Values(HomelabPlan plan) => [.. ClusterObjects.Of(plan).Where(item => (string?)item["kind"] == "Secret")
        .Select(item => (string)((JsonObject)item["data"]!).Last().Value!)];

    private static IEnumerable<(string Namespace, string Name)> Names(JsonObject item, string @namespace)
    {
        if (item["spec"]?["restic"]?["repository"] is { } repository)
        {
            yield return (@namespace, (string)repository!);
        }

        if (item["spec"]?["basicAuth"]?["secret"] is { } users)
        {
            yield return (@namespace, (string)users!);
        }

        foreach (var source in (item["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? []).SelectMany(container => container!["envFrom"] as JsonArray ?? []))
        {
            yield return (@namespace, (string)source!["secretRef"]!["name"]!);
        }
    }
}
