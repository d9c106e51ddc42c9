using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>The lab's API server as plain HTTP, with the rights of its administrator.</summary>
internal sealed class LabApi : IDisposable
{
    private readonly HttpClient _http = NewClient();

    /// <summary>A client that trusts the lab, and that it knows as its administrator.</summary>
    public static HttpClient NewClient()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Lab.Field("certificate-authority")));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = trust;
        var http = new HttpClient(handler) { BaseAddress = new Uri(Lab.Field("server")) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Lab.Field("token"));
        http.DefaultRequestHeaders.UserAgent.ParseAdd("homelabops-tests/1.0");
        return http;
    }

    /// <summary>Sends a request whatever comes of it.</summary>
    public (int Status, JsonObject Body) Call(HttpMethod method, string path, string? json = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, type);
        }

        using var response = _http.Send(request);
        using var body = response.Content.ReadAsStream();
        return ((int)response.StatusCode, JsonNode.Parse(body)!.AsObject());
    }

    /// <summary>Sends a request that must succeed.</summary>
    public JsonObject Send(HttpMethod method, string path, string? json = null, string type = "application/json")
    {
        var (status, body) = Call(method, path, json, type);

        // Such as a pod whose new ServiceAccount has no token yet: the server asks for another try.
        for (var tries = 0; status == 500 && (string?)body["reason"] == "ServerTimeout" && tries < 60; tries++)
        {
            Thread.Sleep(500);
            (status, body) = Call(method, path, json, type);
        }

        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {body.ToJsonString()}");
        return body;
    }

    public void Dispose() => _http.Dispose();
}
