namespace HomelabOps.Cluster.Tests;

/// <summary>Looking at the nodes of the embedded homelab, and running commands on them.</summary>
public sealed class NfsMountTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public void The_mounts_of_the_workers_are_found_and_nothing_is_left()
    {
        var found = Run("Test-NfsMount").ThrowIfFailed().Output;
        Assert.Equal(["k3s-w1", "k3s-w2"], found.Select(status => (string)status.Properties["Node"].Value).Order(StringComparer.Ordinal));
        Assert.All(found, status =>
        {
            Assert.Equal(("Mounted", "192.168.1.10:/mnt/user/media", "nfs4", "4.2", true), ($"{status.Properties["State"].Value}", status.Properties["Source"].Value, status.Properties["FileSystem"].Value, status.Properties["Version"].Value, status.Properties["Healthy"].Value));
            Assert.True((int)status.Properties["Entries"].Value > 0);
        });
        AssertNothingLeft();
    }

    [Fact]
    public void Nodes_are_named_piped_or_matched()
    {
        Assert.Equal(["Missing"], Run("(Test-NfsMount (Get-HomelabNode k3s-cp1)).State").ThrowIfFailed().Strings);
        Assert.Equal(["Mounted"], Run("(Get-HomelabNode k3s-w1 | Test-NfsMount -Path /data/media/).State").ThrowIfFailed().Strings);
        Assert.Equal(2, Run("Test-NfsMount k3s-w*").ThrowIfFailed().Output.Count);
    }

    [Fact]
    public void A_command_sees_the_node_below_host_and_cannot_write_there()
    {
        var result = Run("Invoke-HomelabNode k3s-w1 -Command 'cat /host/etc/hostname; ls data/pods | head -1; touch /host/data/pods/x'").ThrowIfFailed().Output.Single();
        Assert.Equal(("Node/k3s-w1", 1), ($"{result.Properties["Target"].Value}", result.Properties["ExitCode"].Value));
        Assert.StartsWith("k3s-w1\n", (string)result.Properties["Output"].Value, StringComparison.Ordinal);
        Assert.Contains("Read-only", (string)result.Properties["Error"].Value, StringComparison.Ordinal);
        Assert.Equal(["0"], Run("(Get-HomelabNode k3s-w1 | Invoke-HomelabNode -Command 'touch /host/data/pods/x && rm /host/data/pods/x' -Writable).ExitCode").ThrowIfFailed().Strings);
        AssertNothingLeft();
    }

    [Fact]
    public void WhatIf_runs_nothing() => Assert.Empty(Run("Invoke-HomelabNode * -Command date -WhatIf").ThrowIfFailed().Output);

    [Theory]
    [InlineData("Test-NfsMount none", "NodeNotFound")]
    [InlineData("Test-NfsMount -Path data/media", "NodePathInvalid")]
    [InlineData("Test-NfsMount -Path /data/../etc", "NodePathInvalid")]
    [InlineData("Test-NfsMount -ProbeNamespace none", "NamespaceNotFound")]
    [InlineData("Invoke-HomelabNode none -Command date", "NodeNotFound")]
    [InlineData("Invoke-HomelabNode -Command date", "NameRequired")]
    [InlineData("Invoke-HomelabNode k3s-w1 -Command 'sleep 600' -TimeoutSeconds 1", "CommandTimeout")]
    public void What_cannot_be_done_is_an_error_and_leaves_nothing(string script, string id)
    {
        Assert.Equal(id, Assert.Single(Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);
        AssertNothingLeft();
    }

    private void AssertNothingLeft() => Assert.Empty(Run("Get-HomelabPod -Selector app.kubernetes.io/name=homelabops-probe").ThrowIfFailed().Output);

    private Testing.Engine.Result Run(string script) => sandbox.Run(script);
}
