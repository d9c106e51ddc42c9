using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Topology;
using HomelabOps.Core.Topology.Wire;

namespace HomelabOps.Core.Tests.Topology;

public sealed class TopologyDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TopologyFacts _facts = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_labels_of_the_nodes_say_which_is_which()
    {
        AddNode("cp", ("node-role.kubernetes.io/control-plane", "true"));
        AddNode("two", ("homelab/role", "primary"));
        AddNode("one", ("homelab/role", "backup"), ("disk", "ssd"));
        var config = Find().Config;
        Assert.Equal(("homelab/role", "two", "one"), (config.NodeRoleLabel, config.PrimaryNode, config.BackupNode));
        Assert.Equal(["cp", "one", "two"], config.Nodes.Select(node => node.Name));

        // The default mount is not expected of a node that runs no applications.
        Assert.Equal(["one", "two"], Assert.Single(config.Mounts).Nodes);
    }

    [Fact]
    public void Several_candidates_are_said()
    {
        AddNode("a", ("role", "primary"), ("tier", "primary"));
        AddNode("b", ("role", "primary"), ("tier", "backup"));
        AddNode("c", ("role", "backup"));
        var findings = Find();
        Assert.Equal(("role", "a", "c"), (findings.Config.NodeRoleLabel, findings.Config.PrimaryNode, findings.Config.BackupNode));
        var warnings = Warnings(findings);
        Assert.Contains(warnings, text => text.Contains("role, tier", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.Contains("role=primary (a, b)", StringComparison.Ordinal));
    }

    [Fact]
    public void Volumes_that_name_their_node_say_it_too()
    {
        AddNode("one");
        AddNode("two");
        AddNode("three");
        Read(Manifests.Volume("a", "/srv/state/sonarr", "pvc-sonarr", "kubernetes.io/hostname", "two")
            + Manifests.Volume("b", "/srv/state/sonarr", "pvc-sonarr-backup", "kubernetes.io/hostname", "three"));
        var findings = Find();
        Assert.Equal(("two", "three", "/srv/state"), (findings.Config.PrimaryNode, findings.Config.BackupNode, findings.Config.PodStoragePath));
        Assert.Single(Warnings(findings));
    }

    [Fact]
    public void Without_any_label_the_busiest_node_is_the_primary()
    {
        AddNode("one");
        AddNode("two");
        AddPod("a", "two");
        AddPod("b", "two");
        AddPod("c", "one");
        AddPod("agent1", "one", "DaemonSet");
        AddPod("agent2", "one", "DaemonSet");
        Assert.Equal(("two", "one"), (Find().Config.PrimaryNode, Find().Config.BackupNode));
    }

    [Fact]
    public void A_tie_keeps_the_default_and_says_so()
    {
        AddNode("one");
        AddNode("two");
        AddPod("a", "two");
        AddPod("b", "one");
        var findings = Find();
        Assert.Equal(("k3s-w1", "k3s-w2"), (findings.Config.PrimaryNode, findings.Config.BackupNode));
        Assert.Contains(Warnings(findings), text => text.StartsWith("Which node applications run on", StringComparison.Ordinal));
        Assert.Contains(Warnings(findings), text => text.StartsWith("Which node is the backup", StringComparison.Ordinal));
    }

    [Fact]
    public void Primary_and_backup_are_never_the_same()
    {
        AddNode("k3s-w2", ("role", "primary"));
        var config = Find().Config;
        Assert.Equal(("k3s-w2", "k3s-w1"), (config.PrimaryNode, config.BackupNode));
    }

    [Fact]
    public void Manifests_name_a_label_that_the_nodes_lack()
    {
        AddNode("one");
        AddNode("two");
        Read(Manifests.Deployment("sonarr", "{ side: primary }"));
        var findings = Find();
        Assert.Equal("side", findings.Config.NodeRoleLabel);
        Assert.Contains(Warnings(findings), text => text.Contains("kubectl label node <name> side=primary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pvc-sonarr pvc-sonarr-backup pvc-prowlarr pvc-prowlarr-backup", "", "pvc-<app>", "pvc-<app>-backup")]
    [InlineData("pvc-sonarr pvc-sonarr-backup", "", "pvc-<app>", "pvc-<app>-backup")]
    [InlineData("sonarr sonarr-backup", "", "<app>", "<app>-backup")]
    [InlineData("sonarr-config backup-sonarr-config radarr-config", "", "<app>-config", "backup-<app>-config")]
    [InlineData("home-assistant-data home-assistant-data-standby", "", "<app>-data", "<app>-data-standby")]
    [InlineData("data-home-assistant-0 data-home-assistant-0-replica", "home-assistant", "data-<app>-0", "data-<app>-0-replica")]
    [InlineData("media-sonarr media-sonarr-backup", "sonarr", "media-<app>", "media-<app>-backup")]
    [InlineData("sonarr-primary sonarr-backup plex-primary plex-backup", "", "<app>-primary", "<app>-backup")]
    [InlineData("pvc-a pvc-a-backup pvc-b pvc-b-backup c-data c-data-backup", "", "pvc-<app>", "pvc-<app>-backup")]
    [InlineData("pvc-a pvc-a-backup b-data b-data-backup", "b", "<app>-data", "<app>-data-backup")]
    [InlineData("data data-backup", "", "<app>", "<app>-backup")]
    [InlineData("volsync-sonarr-config volsync-sonarr-config-backup", "", "pvc-<app>", "pvc-<app>-backup")]
    [InlineData("db media", "", "pvc-<app>", "pvc-<app>-backup")]
    public void Pairs_of_claims_show_the_pattern(string claims, string application, string pattern, string backup)
    {
        Read(string.Concat(claims.Split(' ').Select(name => Manifests.Claim(name))) + (application.Length > 0 ? Manifests.Deployment(application) : ""));
        var config = Find().Config;
        Assert.Equal((pattern, backup), (config.ClaimPattern, config.BackupClaimPattern));
    }

    [Theory]
    [InlineData("/srv/state/sonarr /srv/state/plex", "/srv/state")]
    [InlineData("/srv/sonarr/config /srv/plex/config", "/srv")]
    [InlineData("/tank/one", "/tank")]
    [InlineData("/a/x /a/y /b/z /b/w", "/data/pods")]
    public void The_common_folder_of_the_volumes_is_the_storage(string paths, string expected)
    {
        Read(string.Concat(paths.Split(' ').Select((path, index) => Manifests.Volume($"v{index}", path, $"c{index}")))
            + Manifests.Volume("config", "/data/volsync/x", "volsync-x-config")
            + Manifests.Volume("dynamic", "/opt/provisioned/a", "d").Replace("  generation: 2", "  annotations: { pv.kubernetes.io/provisioned-by: rancher.io/local-path }", StringComparison.Ordinal));
        var findings = Find();
        Assert.Equal(expected, findings.Config.PodStoragePath);
        Assert.Equal(expected == "/data/pods", Warnings(findings).Any(text => text.Contains("no common folder", StringComparison.Ordinal)));
    }

    [Fact]
    public void Shared_folders_of_the_nodes_are_mounts_and_an_export_of_the_same_name_is_their_source()
    {
        Read(Manifests.Deployment("sonarr", volumes: "[{ hostPath: { path: /mnt/tank/media/tv } }, { hostPath: { path: /dev/dri } }, { hostPath: { path: /run/x.sock, type: Socket } }]")
            + Manifests.Deployment("plex", volumes: "[{ hostPath: { path: /mnt/tank/media } }, { hostPath: { path: /srv/alone } }, { hostPath: { path: /srv/books } }]")
            + Manifests.Deployment("kavita", volumes: "[{ hostPath: { path: /srv/books } }, { nfs: { server: nas, path: /other } }]")
            + "apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: media }\nspec: { nfs: { server: 10.0.0.5, path: /mnt/user/media }, mountOptions: [hard, nfsvers=4.2] }\n");
        var findings = Find();
        Assert.Equal(
            [("/mnt/tank/media", "10.0.0.5:/mnt/user/media", "4.2"), ("/srv/books", null, (string?)null)],
            findings.Config.Mounts.Select(mount => (mount.Path, mount.Source, mount.Version)));
        Assert.Contains(findings.Notices, notice => notice is VerboseNotice { Text: var text } && text.Contains("nas:/other", StringComparison.Ordinal));
    }

    [Fact]
    public void Owners_are_found()
    {
        Read(Manifests.Kustomization("everything", "./clusters/home") + Manifests.Kustomization("disks", "./clusters/home/disks/"));
        Read(Manifests.Volume("a", "/data/pods/a", "a"), "clusters/home/disks/a.yaml");
        Read("""
            apiVersion: v1
            kind: Namespace
            metadata: { name: gitops, labels: { app.kubernetes.io/part-of: flux } }
            ---
            apiVersion: metallb.io/v1beta1
            kind: IPAddressPool
            metadata: { name: pool, namespace: balancer }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: sync, namespace: media }
            spec: { template: { metadata: { labels: { app: sync } }, spec: { containers: [{ image: syncthing/syncthing:2 }] } } }
            """);
        var config = Find().Config;
        Assert.Equal(("gitops", "balancer", "disks", "app=sync"), (config.FluxNamespace, config.MetalLBNamespace, config.StorageKustomization, config.SyncthingSelector));
    }

    [Fact]
    public void Several_storage_Kustomizations_keep_the_default()
    {
        Read(Manifests.Kustomization("storage-a", "./a") + Manifests.Kustomization("storage-b", "./b"));
        var findings = Find();
        Assert.Equal("infrastructure-storage", findings.Config.StorageKustomization);
        Assert.Contains(Warnings(findings), text => text.Contains("storage-a, storage-b", StringComparison.Ordinal));
    }

    [Fact]
    public void What_only_a_person_knows_is_kept()
    {
        AddNode("one", ("role", "primary"));
        AddNode("two", ("role", "backup"));
        Read(Manifests.Deployment("a", volumes: "[{ hostPath: { path: /mnt/media } }]") + Manifests.Claim("x-data") + Manifests.Claim("x-data-backup"));
        var written = new HomelabConfig
        {
            Path = _folder.At("homelab.yaml"),
            PrimaryNode = "old",
            Nodes = [new() { Name = "one", Kind = HomelabNodeKind.Vm, SshHost = "root@pve", VmId = 7 }, new() { Name = "gone", SshHost = "root@nas" }, new() { Name = "forgotten" }],
            Mounts = [new() { Path = "/mnt/media", Source = "nas:/m", Options = ["ro"], Nodes = ["one"] }, new() { Path = "/mnt/hand" }],
            SyncthingSelector = "mine=true",
            Repository = _folder.Root,
            PodStoragePath = "/mine",
        };
        var findings = TopologyDiscovery.Find(_facts, null, written);
        var config = findings.Config;
        Assert.Equal(("one", "two", "mine=true", "/mine", _folder.Root), (config.PrimaryNode, config.BackupNode, config.SyncthingSelector, config.PodStoragePath, config.Repository));
        Assert.Equal([written.Nodes[0], new() { Name = "two" }, written.Nodes[1]], config.Nodes);
        Assert.Equal([written.Mounts[1].Path, "/mnt/media"], config.Mounts.Select(mount => mount.Path));
        Assert.Equal(written.Mounts[0], config.Mounts[1]);
        Assert.Contains("primaryNode: 'old' becomes 'one'.", Warnings(findings));
        Assert.Contains(Warnings(findings), text => text.Contains("'gone'", StringComparison.Ordinal));
    }

    [Fact]
    public void Broken_manifests_do_not_hide_the_others()
    {
        Read("kind: PersistentVolumeClaim\nmetadata: { name: pvc-a\n---\n" + Manifests.Claim("b-data") + Manifests.Claim("b-data-backup"), "broken.yaml", 1);
        Read("kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  {{- toYaml . }}\n", "chart/templates/x.yaml", 0);
        Read("kind: Deployment\nspec: [not, a, manifest]\n", "patch.yaml", 0);
        Read("kind: Pod\nmetadata: { name: \"${APP}\" }\n", "substituted.yaml", 0);
        Read("kind: List\nitems:\n  - kind: PersistentVolumeClaim\n    metadata: { name: c-data, namespace: media }\n", "list.yaml", 0);
        Assert.Equal(["b-data", "b-data-backup", "c-data"], _facts.Claims.Select(claim => claim.Metadata.Name));
        Assert.Empty(_facts.Workloads);
        Assert.Contains("does not exist", Assert.IsType<WarningNotice>(Assert.Single(RepositoryFacts.Read(_folder.At("nowhere"), _facts, TestContext.Current.CancellationToken))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runbooks_own_repository_is_understood()
    {
        var repository = FindRunbookRepository();
        Assert.SkipWhen(repository is null, "The runbook's repository (shared/repos/runbook-homelab beside the project, or HOMELABOPS_RUNBOOK_REPOSITORY) is not here.");
        AddNode("k3s-cp1", ("node-role.kubernetes.io/control-plane", "true"));
        AddNode("k3s-w1", ("role", "primary"));
        AddNode("k3s-w2", ("role", "backup"));
        Assert.Empty(RepositoryFacts.Read(repository, _facts, TestContext.Current.CancellationToken));
        var findings = TopologyDiscovery.Find(_facts, repository, null);
        var config = findings.Config;
        Assert.Equal(("k3s-w1", "k3s-w2", "role", "/data/pods"), (config.PrimaryNode, config.BackupNode, config.NodeRoleLabel, config.PodStoragePath));
        Assert.Equal(("pvc-<app>", "pvc-<app>-backup"), (config.ClaimPattern, config.BackupClaimPattern));
        Assert.Equal(("infrastructure-storage", "flux-system", "metallb-system", "syncthing.io/role"), (config.StorageKustomization, config.FluxNamespace, config.MetalLBNamespace, config.SyncthingSelector));
        Assert.Equal(4, _facts.Pairs.Count + _facts.Workloads.Count(workload => workload.App is "sonarr" or "prowlarr"));
        Assert.Contains("/data/media", Assert.Single(Warnings(findings)), StringComparison.Ordinal);
    }

    private static string? FindRunbookRepository()
    {
        if (Environment.GetEnvironmentVariable("HOMELABOPS_RUNBOOK_REPOSITORY") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "repos", "runbook-homelab");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string[] Warnings(TopologyFindings findings) => [.. findings.Notices.OfType<WarningNotice>().Select(notice => notice.Text)];

    private TopologyFindings Find() => TopologyDiscovery.Find(_facts, null, null);

    private void Read(string text, string name = "manifests.yaml", int? warnings = 0)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, text);
        Assert.Equal(warnings, RepositoryFacts.Read(folder.Root, _facts, TestContext.Current.CancellationToken).Count(notice => notice is WarningNotice));
    }

    private void AddNode(string name, params (string Key, string Value)[] labels) =>
        _facts.Add(new TopologyObjectWire { Kind = "Node", Metadata = new() { Name = name, Labels = labels.ToDictionary(label => label.Key, label => label.Value) } });

    private void AddPod(string name, string node, string owner = "StatefulSet") => _facts.Add(new TopologyObjectWire
    {
        Kind = "Pod",
        Metadata = new() { Name = name, Namespace = "media", OwnerReferences = [new() { Kind = owner, Name = name, Controller = true }] },
        Spec = new() { NodeName = node, Volumes = [new() { HostPath = new() { Path = $"/data/pods/{name}" } }] },
    });
}
