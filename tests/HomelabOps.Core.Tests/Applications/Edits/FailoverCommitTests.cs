using FsCheck;
using FsCheck.Fluent;
using HomelabOps.Core.Applications.Edits;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>Failover and failback as commits of real repositories.</summary>
public sealed class FailoverCommitTests
{
    private const string Media = "clusters/homelab/apps/media/";
    private static readonly string[] Apps = ["sonarr", "prowlarr"];

    [Fact]
    public void Failover_of_two_applications_is_two_scalars_a_file_and_failback_the_reverse()
    {
        var repository = new RepositoryCopy("runbook-homelab");
        var before = repository.Texts;
        Assert.Equal(
            """
            sonarr/deployment.yaml -        role: primary
            sonarr/deployment.yaml -            claimName: pvc-sonarr
            sonarr/deployment.yaml +        role: backup
            sonarr/deployment.yaml +            claimName: pvc-sonarr-backup
            prowlarr/deployment.yaml -        role: primary
            prowlarr/deployment.yaml -            claimName: pvc-prowlarr
            prowlarr/deployment.yaml +        role: backup
            prowlarr/deployment.yaml +            claimName: pvc-prowlarr-backup
            """,
            repository.Edited(Over()));
        foreach (var app in Apps)
        {
            var path = $"{Media}{app}/deployment.yaml";
            Assert.Equal(before[path].Replace("role: primary", "role: backup", StringComparison.Ordinal).Replace($"claimName: pvc-{app}", $"claimName: pvc-{app}-backup", StringComparison.Ordinal), repository.Text(path));
        }

        Assert.Equal("", repository.Edited(Over()));
        Assert.Equal("", repository.Edited(Over()));

        repository.Edited(Back());
        Assert.Equal(before, repository.Texts);
        Assert.Equal("", repository.Edited(Back()));
    }

    [Fact]
    public void The_peers_leave_in_the_same_commit_and_come_back_with_the_failback()
    {
        var repository = WithPeers(new("runbook-homelab"));
        var before = repository.Texts;
        Assert.Equal(
            """
            sonarr/deployment.yaml -        role: primary
            sonarr/deployment.yaml -            claimName: pvc-sonarr
            sonarr/deployment.yaml +        role: backup
            sonarr/deployment.yaml +            claimName: pvc-sonarr-backup
            sonarr/volsync.yaml -    peers:
            sonarr/volsync.yaml -    - ID: AAAA
            sonarr/volsync.yaml -      address: tcp://10.43.0.2:22000
            sonarr/volsync.yaml -      introducer: false
            """,
            repository.Edited(new CombinedEdit("Fail over", Moves.Over("sonarr", "pvc-sonarr"), new ReplicationEdit("", ReplicationWish.Silence(Source("sonarr-backup"))))));

        Assert.Equal(
            """
            sonarr/deployment.yaml -        role: backup
            sonarr/deployment.yaml -            claimName: pvc-sonarr-backup
            sonarr/deployment.yaml +        role: primary
            sonarr/deployment.yaml +            claimName: pvc-sonarr
            sonarr/volsync.yaml +    peers:
            sonarr/volsync.yaml +    - ID: CCCC
            sonarr/volsync.yaml +      address: tcp://10.43.0.9:22000
            sonarr/volsync.yaml +      introducer: false
            """,
            repository.Edited(new CombinedEdit("Fail back", Moves.Back("sonarr", "pvc-sonarr"), new ReplicationEdit("", ReplicationWish.Revive(Source("sonarr-backup"), new SyncthingPeer("CCCC", "tcp://10.43.0.9:22000"))))));
        Assert.Equal(before.Keys, repository.Texts.Keys);
    }

    [Fact]
    public void Any_order_of_moves_ends_in_the_bytes_that_its_last_moves_mean()
    {
        var start = new RepositoryCopy("runbook-homelab").Texts;
        var known = new Dictionary<(bool, bool), IReadOnlyDictionary<string, string>> { [(false, false)] = start };
        Prop.ForAll<(bool IsSonarr, bool IsOver)[]>(moves =>
        {
            var repository = new RepositoryCopy("runbook-homelab");
            var (sonarr, prowlarr) = (false, false);
            foreach (var (isSonarr, isOver) in moves.Take(5))
            {
                (sonarr, prowlarr) = isSonarr ? (isOver, prowlarr) : (sonarr, isOver);
                var app = isSonarr ? "sonarr" : "prowlarr";
                repository.Edited(isOver ? Moves.Over(app, "pvc-" + app) : Moves.Back(app, "pvc-" + app));
            }

            Assert.Equal(known.TryGetValue((sonarr, prowlarr), out var texts) ? texts : known[(sonarr, prowlarr)] = repository.Texts, repository.Texts);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    [Fact]
    public void Home_ops_keeps_its_comments_anchors_and_templates()
    {
        const string Release = "default/prowlarr/app/helmrelease.yaml";
        var repository = new RepositoryCopy("home-ops")
            .Replacing("kubernetes/apps/" + Release, "    defaultPodOptions:\n", "    defaultPodOptions:\n      nodeSelector: # the node with the disk\n        kubernetes.io/hostname: k3s-w1\n");
        var before = repository.Texts;
        Assert.Equal(
            """
            app/helmrelease.yaml -        kubernetes.io/hostname: k3s-w1
            app/helmrelease.yaml -        existingClaim: "{{ .Release.Name }}"
            app/helmrelease.yaml +        kubernetes.io/hostname: k3s-w2
            app/helmrelease.yaml +        existingClaim: "{{ .Release.Name }}-backup"
            """,
            repository.Edited(Moves.Over("prowlarr", "prowlarr")));
        Assert.Equal("", repository.Edited(Moves.Over("prowlarr", "prowlarr")));
        repository.Edited(Moves.Back("prowlarr", "prowlarr"));
        Assert.Equal(before, repository.Texts);
    }

    [Fact]
    public void Home_ops_with_a_claim_from_a_variable()
    {
        var repository = new RepositoryCopy("home-ops")
            .Replacing("kubernetes/apps/default/prowlarr/app/helmrelease.yaml", "existingClaim: \"{{ .Release.Name }}\"", "existingClaim: ${VOLSYNC_CLAIM}")
            .Replacing("kubernetes/apps/default/prowlarr/ks.yaml", "      APP: prowlarr\n", "      APP: prowlarr\n      VOLSYNC_CLAIM: prowlarr\n");
        Assert.Equal("prowlarr/ks.yaml -      VOLSYNC_CLAIM: prowlarr\nprowlarr/ks.yaml +      VOLSYNC_CLAIM: prowlarr-backup", repository.Edited(Moves.Over("prowlarr", "prowlarr")));
    }

    [Fact]
    public void An_overlay_of_one_cluster_changes_and_a_base_of_both_does_not()
    {
        const string Base = "apps/base/podinfo/release.yaml";
        const string Overlay = "apps/production/podinfo-values.yaml";
        const string Values = "    persistence: {data: {existingClaim: data}}\n    nodeSelector:\n      role: primary # of this cluster\n";
        var move = new MoveAppEdit(
            new() { App = new("podinfo"), Kustomization = "clusters/production/apps.yaml" },
            new() { To = Moves.Backup, From = Moves.Primary, Claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = "data-backup" } });

        var repository = new RepositoryCopy("flux2-kustomize-helm-example");
        repository.Replacing(Overlay, "  values:\n", "  values:\n" + Values);
        Assert.Equal(
            """
            production/podinfo-values.yaml -    persistence: {data: {existingClaim: data}}
            production/podinfo-values.yaml -      role: primary # of this cluster
            production/podinfo-values.yaml +    persistence: {data: {existingClaim: data-backup}}
            production/podinfo-values.yaml +      role: backup # of this cluster
            """,
            repository.Edited(move));

        var shared = new RepositoryCopy("flux2-kustomize-helm-example").Replacing(Base, "  values:\n", "  values:\n" + Values);
        Assert.Equal("AppValueShared", Assert.Throws<HomelabException>(() => shared.Edited(move)).Id);
    }

    // The peers that the comments speak of, as people write them in.
    private static RepositoryCopy WithPeers(RepositoryCopy repository)
    {
        const string Path = Media + "sonarr/volsync.yaml";
        foreach (var (side, id, address) in new[] { ("backup", "BBBB", "10.43.0.1"), ("primary", "AAAA", "10.43.0.2") })
        {
            repository.Replacing(
                Path,
                $"    # peers:\n    # - ID: <{side}-syncthing-id>\n    #   address: tcp://<{side}-service-address>:22000\n    #   introducer: false",
                $"    peers:\n    - ID: {id}\n      address: tcp://{address}:22000\n      introducer: false");
        }

        return repository;
    }

    private static ResourceReference Source(string name) => new(null, "ReplicationSource", "media", name);

    private static CombinedEdit Over() => new("Fail over", [.. Apps.Select(app => Moves.Over(app, "pvc-" + app))]);

    private static CombinedEdit Back() => new("Fail back", [.. Apps.Select(app => Moves.Back(app, "pvc-" + app))]);
}
