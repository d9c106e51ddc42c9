using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>The embedded homelab's API server as plain HTTP, for what no cmdlet does.</summary>
internal sealed class SandboxApi(SandboxFixture sandbox) : IDisposable
{
    private readonly HttpClient _http = new();

    // The secret of its user is part of the address.
    private readonly string _root = File.ReadLines(sandbox.Run("(Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!)
        .Select(line => line.Trim()).First(line => line.StartsWith("server:", StringComparison.Ordinal))["server:".Length..].Trim();

    /// <summary>Its address, with the secret.</summary>
    public string Address => _root;

    /// <summary>Sends a request that must succeed.</summary>
    public JsonObject Send(HttpMethod method, string path, string? json = null, string? type = null)
    {
        using var request = new HttpRequestMessage(method, _root + path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, type ?? (method == HttpMethod.Patch ? "application/strategic-merge-patch+json" : "application/json"));
        }

        using var response = _http.Send(request);
        using var body = response.Content.ReadAsStream();
        var answer = JsonNode.Parse(body)!.AsObject();
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        return answer;
    }

    public void Dispose() => _http.Dispose();
}
