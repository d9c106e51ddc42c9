using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Two clusters whose kubeconfigs call their context alike, as every k3s does, and a KUBECONFIG that changes in between.</summary>
[Collection(nameof(Alone))]
public sealed class SameNameTests : IDisposable
{
    private const string Variable = "KUBECONFIG";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackServer _first = Server("first");
    private readonly LoopbackServer _second = Server("second");

    // A connection belongs to the process, and another test may have left one.
    public SameNameTests() => _engine.Run("Disconnect-Homelab -ErrorAction Ignore");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _engine.Run("Disconnect-Homelab -ErrorAction Ignore");
        _engine.Dispose();
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Get-HomelabPod", "second")]
    [InlineData("Get-HomelabPod -Context same-MARK", "second")]
    [InlineData("$record | Get-HomelabPod", "first")]
    [InlineData("$record.Reference | Get-HomelabPod", "first")]
    [InlineData("$record | Get-HomelabPod -Context same-MARK", "second")]
    [InlineData("$record | Get-HomelabObject | ForEach-Object { @{ Node = $_.spec.nodeName } }", "first")]
    [InlineData("$record | Get-HomelabObject -Context same-MARK | ForEach-Object { @{ Node = $_.spec.nodeName } }", "second")]
    public void A_record_leads_back_while_what_is_typed_means_the_kubeconfig_of_now(string script, string server)
    {
        var mark = $"{Guid.NewGuid():N}"[..6];
        Environment.SetEnvironmentVariable(Variable, Config("a", _first, mark));
        var record = _engine.Run("Get-HomelabPod").ThrowIfFailed().Output.Single();
        Environment.SetEnvironmentVariable(Variable, Config("b", _second, mark));

        var result = _engine.Run($"{script.Replace("MARK", mark, StringComparison.Ordinal)} | ForEach-Object {{ $_.Node }}", ("record", record)).ThrowIfFailed();

        Assert.Equal([server], result.Strings);
    }

    private string Config(string name, LoopbackServer server, string mark) =>
        _folder.File(name, KubeConfigs.Of(server.Url).Replace("one", $"same-{mark}", StringComparison.Ordinal));

    // Each server has the same pod, on a node that says which server it is.
    private static LoopbackServer Server(string name)
    {
        var pod = $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"{{{name}}}"},"status":{"phase":"Running"}}""";
        return new LoopbackServer(path => path.Split('?')[0] switch
        {
            "/api" => (200, """{"kind":"APIVersions","versions":["v1"]}"""),
            "/apis" => (200, """{"kind":"APIGroupList","groups":[]}"""),
            "/api/v1" => (200, """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get","list","watch"]}]}"""),
            "/api/v1/pods" or "/api/v1/namespaces/n/pods" => (200, $$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{{pod}}]}"""),
            _ => (200, pod),
        });
    }
}
