namespace HomelabOps.Cluster.Tests;

/// <summary>Wait-Homelab on the embedded homelab, and where there is no API at all.</summary>
public sealed class WaitHomelabTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_is_there_leaves_nothing() => Assert.Empty(sandbox.Run("Wait-Homelab -TimeoutSeconds 240").ThrowIfFailed().Output);

    [Fact]
    public void What_belongs_to_no_stage_is_looked_at_for_who_asks_for_it() =>
        Assert.Empty(sandbox.Run("Wait-Homelab -Area Certificate -TimeoutSeconds 60").ThrowIfFailed().Output);

    [Fact]
    public void A_server_that_says_nothing_does_not_hold_it_beyond_its_time()
    {
        using var silent = new LoopbackServer(answer: null);
        var result = sandbox.Run($"Wait-Homelab -KubeConfig '{_folder.File("silent", KubeConfigs.Of(silent.Url))}' -TimeoutSeconds 3 | ForEach-Object {{ $_.Message }}");
        Assert.Equal(["HomelabNotReady"], result.ErrorIds);
        Assert.Contains("had not answered when the time was over", Assert.Single(result.Strings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_not_be_read_is_not_there()
    {
        using var server = new LoopbackServer(path => path.Split('?')[0] switch
        {
            "/version" => (200, """{"gitVersion":"v1.36.0"}"""),
            "/api" => (200, """{"kind":"APIVersions","versions":["v1"]}"""),
            "/apis" => (200, """{"kind":"APIGroupList","groups":[]}"""),
            _ => (403, LoopbackServer.Status(403, "forbidden")),
        });
        var result = sandbox.Run($"Wait-Homelab -Area Cluster -KubeConfig '{_folder.File("few", KubeConfigs.Of(server.Url))}' -TimeoutSeconds 3 | ForEach-Object {{ \"$($_.Reason) $($_.Message)\" }}");
        Assert.Equal(["HomelabNotReady"], result.ErrorIds);
        Assert.Contains("StillStarting", Assert.Single(result.Strings), StringComparison.Ordinal);
        Assert.Contains("nodes cannot be read here", result.Strings.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_API_that_is_absent_is_waited_for_and_is_what_is_left()
    {
        var file = _folder.File("config", KubeConfigs.Of("http://127.0.0.1:1"));
        var result = sandbox.Run($"Wait-Homelab -KubeConfig '{file}' -TimeoutSeconds 4 | ForEach-Object {{ \"$($_.Reason) $($_.Kind)\" }}");
        Assert.Equal(["HomelabNotReady"], result.ErrorIds);
        Assert.Equal(["StillStarting Cluster"], result.Strings);
    }
}
