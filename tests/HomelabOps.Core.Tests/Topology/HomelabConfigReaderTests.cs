using HomelabOps.Core.Topology;

namespace HomelabOps.Core.Tests.Topology;

public sealed class HomelabConfigReaderTests
{
    [Theory]
    [InlineData("primaryNode: a\nprimaryNod: b", 2, 1, "perhaps 'primaryNode' is meant")]
    [InlineData("PrimaryNode: a", 1, 1, "perhaps 'primaryNode' is meant")]
    [InlineData("storagePath: /x", 1, 1, "perhaps 'podStoragePath' is meant")]
    [InlineData("colour: red", 1, 1, "there are: primaryNode, backupNode")]
    [InlineData("nodes:\n  - name: a\n    hostSsh: b", 3, 5, "there are: name, kind, sshHost, vmId")]
    [InlineData("nodes:\n  - name: a\n    sshhost: b", 3, 5, "perhaps 'sshHost' is meant")]
    [InlineData("primaryNode: a\nbackupNode: b\nprimaryNode: c", 3, 1, "occurs twice")]
    [InlineData("primaryNode: [a]", 1, 14, "'primaryNode' must be text")]
    [InlineData("primaryNode: ' '", 1, 14, "is empty")]
    [InlineData("nodes: k3s-w1", 1, 8, "'nodes' must be a list")]
    [InlineData("nodes:\n  - k3s-w1", 2, 5, "'nodes' must be a mapping")]
    [InlineData("nodes:\n  - kind: vm", 2, 5, "'name' is missing")]
    [InlineData("nodes:\n  - name: a\n    kind: pc", 3, 11, "lxc, vm or host")]
    [InlineData("nodes:\n  - name: a\n    vmId: '0'", 3, 11, "whole number above 0")]
    [InlineData("nodes:\n  - name: a\n    vmId: many", 3, 11, "whole number above 0")]
    [InlineData("nodes:\n  - name: a\n  - name: a", 3, 5, "the node 'a' is listed twice")]
    [InlineData("nodes:\n  - name: a\n    sshHost: root:x@pve", 3, 14, "without a password")]
    [InlineData("podStoragePath: data/pods", 1, 17, "absolute path")]
    [InlineData("mounts:\n  - path: data", 2, 11, "absolute path")]
    [InlineData("mounts:\n  - source: nas:/x", 2, 5, "'path' is missing")]
    [InlineData("mounts:\n  - path: /a\n    version: nfs4", 3, 14, "such as 3 or 4.2")]
    [InlineData("mounts:\n  - path: /a\n  - path: /a/", 3, 5, "the mount '/a' is listed twice")]
    [InlineData("valuePaths:\n  - field: tag\n    path: a.b", 2, 12, "field must be image")]
    [InlineData("valuePaths:\n  - field: image", 2, 5, "'path' is missing")]
    [InlineData("valuePaths:\n  - {field: image, path: a}\n  - {field: node, path: a}", 3, 5, "the path 'a' is listed twice")]
    [InlineData("claimPattern: pvc-sonarr", 1, 15, "must hold <app>")]
    [InlineData("backupClaimPattern: backup", 1, 21, "must hold <app>")]
    [InlineData("backupClaimPattern: pvc-<app>", 1, 21, "different names")]
    [InlineData("primaryNode: a\nbackupNode: a", 2, 13, "a failover needs two nodes")]
    [InlineData("primaryNode: k3s-w2", 1, 14, "a failover needs two nodes")]
    [InlineData("nodeRoleLabel: role=primary", 1, 16, "without '='")]
    [InlineData("repository: https://git.example.invalid/x.git", 1, 13, "not an address to clone from")]
    [InlineData("- a\n- b", 1, 1, "not a mapping")]
    [InlineData("primaryNode: a\n---\nprimaryNode: b", 3, 1, "a second document")]
    [InlineData("primaryNode: a\n  backupNode: b", 2, 13, "not valid YAML")]
    [InlineData("primaryNode: \"a", 1, 14, "not valid YAML")]
    [InlineData("nodes: *missing", 1, 8, "not valid YAML")]
    public void What_is_wrong_is_said_with_its_place(string yaml, int line, int column, string part)
    {
        var error = Assert.Throws<HomelabException>(() => Read(yaml));
        Assert.Equal("HomelabConfigInvalid", error.Id);
        Assert.Equal(ErrorKind.InvalidData, error.Kind);
        Assert.Equal(File, error.Target);
        Assert.StartsWith($"{File}, line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password: hunter2")]
    [InlineData("passwords: { a: hunter2 }")]
    [InlineData("apiKey: hunter2")]
    [InlineData("githubToken: hunter2")]
    [InlineData("nodes:\n  - name: a\n    sshPassword: hunter2")]
    [InlineData("mounts:\n  - path: /a\n    secret: hunter2")]
    [InlineData("mounts:\n  - path: /a\n    options: [ro, password=hunter2]")]
    [InlineData("mounts:\n  - path: /a\n    source: //me:hunter2@nas/media")]
    public void No_secret_goes_in_and_none_is_repeated(string yaml)
    {
        var error = Assert.Throws<HomelabException>(() => Read(yaml));
        Assert.Contains("no secret ever goes in", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_without_an_anchor_may_be_a_secret_without_quotes() =>
        Assert.DoesNotContain("hunter2", Assert.Throws<HomelabException>(() => Read("primaryNode: *hunter2")).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("primaryNode:\nnodes: ~\n")]
    public void What_is_left_out_has_the_runbooks_value(string yaml)
    {
        var config = Read(yaml);
        Assert.Equal(
            ("k3s-w1", "k3s-w2", "role", "/data/pods", "pvc-<app>", "pvc-<app>-backup", "syncthing.io/role", "infrastructure-storage", "flux-system", "metallb-system"),
            (config.PrimaryNode, config.BackupNode, config.NodeRoleLabel, config.PodStoragePath, config.ClaimPattern, config.BackupClaimPattern, config.SyncthingSelector, config.StorageKustomization, config.FluxNamespace, config.MetalLBNamespace));
        Assert.Equal(["/data/media"], config.Mounts.Select(mount => mount.Path));
        Assert.Empty(config.Nodes);
        Assert.Null(config.Repository);
        Assert.Equal(File, config.Path);
    }

    [Fact]
    public void Everything_can_be_set()
    {
        var config = Read("""
            primaryNode: one
            backupNode: two
            nodeRoleLabel: homelab/role
            nodes:
              - { name: one, kind: lxc, sshHost: root@pve.lan:2222, vmId: 101 }
              - { name: two, kind: Host, sshHost: "[fe80::1]" }
              - &third { name: three, kind: vm }
            podStoragePath: /srv/pods/
            mounts:
              - path: /data/media
                source: nas:/mnt/user/media
                version: 4.2
                options: ro,hard
                nodes: [one, two]
            claimPattern: <app>-data
            backupClaimPattern: <app>-data-standby
            repository: ../cluster
            """);
        Assert.Equal(
            [("one", HomelabNodeKind.Lxc, "root@pve.lan:2222", 101), ("two", HomelabNodeKind.Host, "[fe80::1]", (int?)null), ("three", HomelabNodeKind.Vm, null, null)],
            config.Nodes.Select(node => (node.Name, node.Kind, node.SshHost, node.VmId)));
        Assert.Equal("/srv/pods", config.PodStoragePath);
        var mount = Assert.Single(config.Mounts);
        Assert.Equal(("/data/media", "nas:/mnt/user/media", "4.2"), (mount.Path, mount.Source, mount.Version));
        Assert.Equal(["ro", "hard"], mount.Options);
        Assert.Equal(["one", "two"], mount.Nodes);
        Assert.Equal(Path.GetFullPath("../cluster", Path.GetDirectoryName(File)!), config.Repository);
    }

    [Fact]
    public void No_mounts_means_none() => Assert.Empty(Read("mounts: []").Mounts);

    [Fact]
    public void The_repository_may_lie_below_the_home_folder() =>
        Assert.Equal(Path.GetFullPath(Path.Combine(Home, "git", "cluster")), Read("repository: ~/git/cluster").Repository);

    [Fact]
    public void Aliases_of_aliases_are_harmless()
    {
        var bomb = string.Join('\n', Enumerable.Range(1, 40).Select(index => $"a{index}: &x{index} [{(index == 1 ? "x" : string.Join(',', Enumerable.Repeat($"*x{index - 1}", 9)))}]"));
        Assert.Equal("HomelabConfigInvalid", Assert.Throws<HomelabException>(() => Read(bomb)).Id);
        Assert.Equal("HomelabConfigInvalid", Assert.Throws<HomelabException>(() => Read(new string('[', 5000))).Id);
    }

    private static string File { get; } = Path.Combine(Path.GetTempPath(), "folder", "homelab.yaml");

    private static string Home { get; } = Path.Combine(Path.GetTempPath(), "home");

    private static HomelabConfig Read(string yaml)
    {
        using var reader = new StringReader(yaml);
        return HomelabConfigReader.Read(reader, File, Home);
    }
}
