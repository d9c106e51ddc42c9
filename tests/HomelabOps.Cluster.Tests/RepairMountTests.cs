namespace HomelabOps.Cluster.Tests;

/// <summary>What keeps a mount from being repaired, on the embedded homelab. What is done on hosts is tested with a real sshd.</summary>
[Collection(nameof(Alone))]
public sealed class RepairMountTests : IClassFixture<SandboxFixture>, IDisposable
{
    private const string Node = "nodes:\n- name: k3s-w1\n  kind: Lxc\n  vmId: 101\n  sshHost: root@127.0.0.1:1\n";
    private const string Mount = "mounts:\n- path: /data/none\n";
    private const string Source = "  source: 127.0.0.1:/mnt/user/none\n";

    private readonly SandboxFixture _sandbox;
    private readonly TemporaryFolder _folder = new();

    public RepairMountTests(SandboxFixture sandbox)
    {
        _sandbox = sandbox;
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _folder.Path);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", null);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Mount + Source, "Repair-NfsMount k3s-w1", "MountHostUnknown")]
    [InlineData(Node + Mount, "Repair-NfsMount k3s-w1", "MountSourceUnknown")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount k3s-w1", "NfsExportUnavailable")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount 101", "NfsExportUnavailable")]
    [InlineData(Node + Mount + Source, "Test-NfsMount k3s-w1 | Repair-NfsMount -WhatIf", "NfsExportUnavailable")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount k3s-w1 -Force -Confirm:$false", "SshUnreachable")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount", "NameRequired")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount no-such-node", "NodeNotFound")]
    [InlineData(Node + Mount + Source, "Repair-NfsMount k3s-w1 -ProbeNamespace none", "NamespaceNotFound")]
    public void What_cannot_be_repaired_says_why_and_nothing_is_changed(string config, string script, string id)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", _folder.File("homelab.yaml", config));
        Assert.Equal(id, Assert.Single(_sandbox.Run(script).Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "journal")));
    }

    [Fact]
    public void What_is_well_is_given_and_left_alone()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", _folder.File("homelab.yaml", Node + "mounts:\n- path: /data/media\n"));
        var status = _sandbox.Run("Repair-NfsMount k3s-w1 /data/media -Confirm:$false").ThrowIfFailed().Output.Single();
        Assert.Equal(("k3s-w1", true), (status.Properties["Node"].Value, status.Properties["Healthy"].Value));
    }
}
