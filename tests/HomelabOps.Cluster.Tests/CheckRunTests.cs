namespace HomelabOps.Cluster.Tests;

/// <summary>Invoke-HomelabCheck on the embedded homelab, from which a right is taken away, and whose server is away for a while.</summary>
[Collection(nameof(Alone))]
public sealed class CheckRunTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private const string Cordoned = "NodeCordoned";

    private readonly TemporaryFolder _folder = new();

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    [Fact]
    public void What_cannot_be_looked_at_is_neither_gone_nor_new_afterwards()
    {
        var isRefused = false;
        var server = Run("(Get-HomelabConnection).KubeConfigPath | ForEach-Object { [System.IO.File]::ReadAllText($_) }").ThrowIfFailed().Strings.Single()!
            .Split('\n').First(line => line.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim(' ', '"', '\'');
        using var proxy = new RefusingProxy(server, (_, path) => isRefused && path.EndsWith("/nodes", StringComparison.Ordinal));
        var well = _folder.File("well", KubeConfigs.Of(proxy.Address));
        var away = _folder.File("away", KubeConfigs.Of("http://127.0.0.1:1/"));
        Run("$null = Suspend-HomelabNode k3s-cp1").ThrowIfFailed();
        try
        {
            Assert.Equal("new", Told(well));

            isRefused = true;
            Assert.Equal("unknown", Told(well));
            isRefused = false;
            Assert.Equal("", Told(well));
            Assert.Equal("unknown", Told(away));
            Assert.Equal("", Told(well));
        }
        finally
        {
            Run("$null = Resume-HomelabNode k3s-cp1").ThrowIfFailed();
        }

        Assert.Equal("gone", Told(well));
    }

    [Fact]
    public void It_is_the_same_cluster_whatever_the_session_calls_it()
    {
        var server = Run("(Get-HomelabConnection).KubeConfigPath | ForEach-Object { [System.IO.File]::ReadAllText($_) }").ThrowIfFailed().Strings.Single()!
            .Split('\n').First(line => line.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim(' ', '"', '\'');
        using var proxy = new RefusingProxy(server, (_, _) => false);
        var config = _folder.File("config", KubeConfigs.Of(proxy.Address));

        // Of the name that the session's own cluster has.
        var same = _folder.File("same", File.ReadAllText(config).Replace("one", "sandbox", StringComparison.Ordinal));
        Run("$null = Suspend-HomelabNode k3s-cp1").ThrowIfFailed();
        try
        {
            Assert.Equal("new", Told(same, "sandbox"));
            var keys = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "lab.state")))!["findings"]!.AsObject().Select(finding => finding.Key).ToList();
            Assert.NotEmpty(keys);
            Assert.All(keys, key => Assert.StartsWith("sandbox Cluster", key, StringComparison.Ordinal));
            Assert.All(keys, key => Assert.DoesNotContain("sandbox@", key, StringComparison.Ordinal));
        }
        finally
        {
            Run("$null = Resume-HomelabNode k3s-cp1").ThrowIfFailed();
        }

        Assert.Equal("gone", Told(same, "sandbox"));
    }

    // What a run says of the node; the homelab may have other findings.
    private string Told(string config, string context = "one")
    {
        var plan = _folder.File("lab.json", $$"""{"name": "lab", "kubeConfig": "{{config}}", "contexts": ["{{context}}"], "areas": ["Cluster"]}""");
        var result = Assert.Single(Run($"Invoke-HomelabCheck -Path '{plan}' -ErrorAction SilentlyContinue").ThrowIfFailed().Output);
        bool Has(string list) => ((System.Collections.IEnumerable)result.Properties[list].Value).Cast<object>().Any(item => $"{item}".Contains(Cordoned, StringComparison.Ordinal));
        Assert.False((bool)result.Properties["Healthy"].Value && (Has("Findings") || Has("Unknown")));
        return string.Join(' ', new[] { "New", "Gone", "Unknown" }.Where(Has).Select(list => list.ToLowerInvariant()));
    }
}
