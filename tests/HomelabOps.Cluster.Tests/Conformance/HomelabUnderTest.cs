using System.Net.Http.Headers;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>A small embedded homelab for each class of checks: an embedded server whose nodes run pods.</summary>
public sealed class HomelabUnderTest : ServerUnderTest
{
    private Engine? _engine;
    private string _root = "";

    /// <inheritdoc/>
    protected override string Root => _root;

    /// <inheritdoc/>
    protected override HttpClient Connect()
    {
        _engine = new Engine();
        var file = _engine.Run("$null = Connect-Homelab -Sandbox -SandboxOption @{ Apps = 1 }; (Get-HomelabConnection).KubeConfigPath").ThrowIfFailed().Strings.Single()!;
        string Field(string name) => File.ReadLines(file).Select(line => line.Trim()).First(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim().Trim('"');
        _root = Field("server").TrimEnd('/');
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Field("token"));
        http.DefaultRequestHeaders.UserAgent.ParseAdd("homelabops-tests/1.0");
        return http;
    }

    /// <inheritdoc/>
    internal override void ForgetRevisions(string path) => throw new NotSupportedException("Nothing that runs in pods depends on it.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _engine?.Run("$null = Disconnect-Homelab");
        _engine?.Dispose();
    }
}
