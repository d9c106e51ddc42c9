namespace HomelabOps.Cluster.Tests;

/// <summary>Wait-Homelab on the embedded homelab, and where there is no API at all.</summary>
public sealed class WaitHomelabTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_is_there_leaves_nothing() => Assert.Empty(sandbox.Run("Wait-Homelab -TimeoutSeconds 240").ThrowIfFailed().Output);

    [Fact]
    public void An_API_that_is_absent_is_waited_for_and_is_what_is_left()
    {
        var file = _folder.File("config", KubeConfigs.Of("http://127.0.0.1:1"));
        var result = sandbox.Run($"Wait-Homelab -KubeConfig '{file}' -TimeoutSeconds 4 | ForEach-Object {{ \"$($_.Reason) $($_.Kind)\" }}");
        Assert.Equal(["HomelabNotReady"], result.ErrorIds);
        Assert.Equal(["StillStarting Cluster"], result.Strings);
    }
}
