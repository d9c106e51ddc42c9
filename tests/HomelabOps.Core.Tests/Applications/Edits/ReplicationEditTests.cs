using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>Replications are silenced and revived where they are written, and nothing else changes.</summary>
public sealed class ReplicationEditTests
{
    private const string File = "apps/sonarr/volsync.yaml";

    private const string Syncthing = """
        # both sides
        apiVersion: volsync.backube/v1alpha1
        kind: ReplicationSource
        metadata:
          name: sonarr-primary
          namespace: media
        spec:
          sourcePVC: pvc-sonarr
          syncthing:
            serviceType: ClusterIP
            # of the other side
            peers:
              - ID: BBBB # the backup
                address: tcp://10.43.0.1:22000
                introducer: false
        ---
        apiVersion: volsync.backube/v1alpha1
        kind: ReplicationSource
        metadata:
          name: sonarr-backup
          namespace: media
        spec:
          sourcePVC: pvc-sonarr-backup
          syncthing:
            serviceType: ClusterIP

        """;

    private const string Restic = """
        apiVersion: volsync.backube/v1alpha1
        kind: ReplicationDestination
        metadata:
          name: sonarr-restore
          namespace: media
        spec:
          trigger:
            manual: restore-once
          restic:
            repository: restic-sonarr
            copyMethod: Direct # into the claim

        """;

    [Fact]
    public void A_Syncthing_loses_its_peers_and_gets_others()
    {
        var repository = Repository(Syncthing);
        var edit = Silence("sonarr-primary");
        Assert.Equal($"{File} - peers:\n{File} - - ID: BBBB # the backup\n{File} - address: tcp://10.43.0.1:22000\n{File} - introducer: false", repository.Edited(edit));
        Assert.Empty(edit.Unchanged);
        Assert.Contains("# of the other side\n---", repository.Text(File), StringComparison.Ordinal);

        Assert.Empty(edit.Apply(repository.Files));
        Assert.Equal(["ReplicationSource/media/sonarr-primary"], edit.Unchanged.Select(one => one.ToString()));

        var revived = Revive("sonarr-primary", new SyncthingPeer("CCCC", "tcp://10.43.0.7:22000"));
        Assert.Equal($"{File} + peers:\n{File} + - ID: CCCC\n{File} + address: tcp://10.43.0.7:22000\n{File} + introducer: false", repository.Edited(revived));
        Assert.Empty(revived.Apply(repository.Files));
        Assert.Single(revived.Unchanged);
    }

    [Fact]
    public void Peers_that_are_there_change_in_place()
    {
        var repository = Repository(Syncthing).Replacing(File, "introducer: false", "introducer: true");
        Assert.Equal(
            $"{File} - - ID: BBBB # the backup\n{File} - introducer: true\n{File} + - ID: CCCC # the backup\n{File} + introducer: false",
            repository.Edited(Revive("sonarr-primary", new SyncthingPeer("CCCC", "tcp://10.43.0.1:22000"))));
    }

    [Fact]
    public void Another_number_of_peers_is_written_anew()
    {
        var repository = Repository(Syncthing);
        repository.Edited(Revive("sonarr-primary", new("BBBB", "tcp://10.43.0.1:22000"), new("CCCC", "tcp://10.43.0.7:22000")));
        Assert.Contains("      - ID: BBBB\n        address: tcp://10.43.0.1:22000\n        introducer: false\n      - ID: CCCC\n", repository.Text(File), StringComparison.Ordinal);
    }

    [Fact]
    public void One_without_peers_in_its_file_has_nothing_to_lose()
    {
        var edit = Silence("sonarr-backup");
        Assert.Empty(edit.Apply(Repository(Syncthing).Files));
        Assert.Single(edit.Unchanged);
        Assert.Empty(edit.Missing);
    }

    [Fact]
    public void Both_sides_at_once()
    {
        var repository = Repository(Syncthing);
        var edit = new ReplicationEdit("Join", ReplicationWish.Revive(Source("sonarr-primary"), new SyncthingPeer("CCCC", "tcp://10.43.0.7:22000")), ReplicationWish.Revive(Source("sonarr-backup"), new SyncthingPeer("AAAA", "tcp://10.43.0.8:22000")));
        repository.Edited(edit);
        Assert.Contains("ID: CCCC # the backup\n        address: tcp://10.43.0.7:22000\n", repository.Text(File), StringComparison.Ordinal);
        Assert.EndsWith("    serviceType: ClusterIP\n    peers:\n      - ID: AAAA\n        address: tcp://10.43.0.8:22000\n        introducer: false\n", repository.Text(File), StringComparison.Ordinal);
        Assert.Empty(edit.Apply(repository.Files));
    }

    [Fact]
    public void Other_movers_are_paused_and_go_on_as_they_were_written()
    {
        var repository = Repository(Restic);
        Assert.Equal($"{File} + paused: true", repository.Edited(Silence("sonarr-restore", "ReplicationDestination")));
        Assert.Empty(Silence("sonarr-restore", "ReplicationDestination").Apply(repository.Files));
        Assert.Equal($"{File} - paused: true", repository.Edited(Revive("sonarr-restore", "ReplicationDestination")));
        Assert.Equal(Restic, repository.Text(File));
    }

    [Fact]
    public void What_says_that_it_is_not_paused_is_changed_in_place()
    {
        var repository = Repository(Restic.Replace("spec:\n", "spec:\n  paused: false # never\n", StringComparison.Ordinal));
        Assert.Equal($"{File} - paused: false # never\n{File} + paused: true # never", repository.Edited(Silence("sonarr-restore", "ReplicationDestination")));
    }

    [Fact]
    public void A_variable_that_decides_is_what_changes()
    {
        var repository = Repository(Restic.Replace("spec:\n", "spec:\n  paused: ${PAUSED}\n", StringComparison.Ordinal)).Adding("cluster/apps.yaml", "  postBuild:\n    substitute:\n      PAUSED: 'false'\n");
        Assert.Equal("cluster/apps.yaml - PAUSED: 'false'\ncluster/apps.yaml + PAUSED: 'true'", repository.Edited(Silence("sonarr-restore", "ReplicationDestination")));
        Assert.Equal("cluster/apps.yaml - PAUSED: 'true'\ncluster/apps.yaml + PAUSED: 'false'", repository.Edited(Revive("sonarr-restore", "ReplicationDestination")));
    }

    [Fact]
    public void Peers_of_a_patch_go_from_there()
    {
        var repository = Repository(Syncthing.Replace("      # of the other side\n", "", StringComparison.Ordinal))
            .Adding("apps/sonarr/kustomization.yaml", "patches:\n  - target: {kind: ReplicationSource, name: sonarr-backup}\n    patch: |\n      - op: add\n        path: /spec/syncthing/peers\n        value: [{ID: AAAA, address: 'tcp://10.43.0.2:22000', introducer: false}]\n      - op: add\n        path: /spec/syncthing/configCapacity\n        value: 1Gi\n");
        repository.Edited(Silence("sonarr-backup"));
        Assert.EndsWith("    patch: |\n      - op: add\n        path: /spec/syncthing/configCapacity\n        value: 1Gi\n", repository.Text("apps/sonarr/kustomization.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_of_several_is_refused_for_one_and_done_for_all()
    {
        var repository = Repository(Syncthing).Adding("apps/sonarr/kustomization.yaml", "patches:\n  - target: {kind: ReplicationSource}\n    patch: |\n      apiVersion: volsync.backube/v1alpha1\n      kind: ReplicationSource\n      metadata: {name: any}\n      spec:\n        syncthing:\n          peers: [{ID: AAAA, address: 'tcp://10.43.0.2:22000'}]\n");
        repository.Replacing(File, "    peers:\n      - ID: BBBB # the backup\n        address: tcp://10.43.0.1:22000\n        introducer: false\n", "");
        Assert.Equal("AppValueShared", Assert.Throws<HomelabException>(() => Silence("sonarr-backup").Apply(repository.Files)).Id);
        Assert.Single(new ReplicationEdit("", ReplicationWish.Silence(Source("sonarr-backup")), ReplicationWish.Silence(Source("sonarr-primary"))).Apply(repository.Files));
    }

    [Fact]
    public void What_the_repository_does_not_build_is_reported()
    {
        var edit = Silence("radarr-primary");
        Assert.Empty(edit.Apply(Repository(Syncthing).Files));
        Assert.Equal(["ReplicationSource/media/radarr-primary"], edit.Missing.Select(one => one.ToString()));
        Assert.Empty(edit.Unchanged);
    }

    [Fact]
    public void What_is_written_and_cannot_be_built_is_not_missing()
    {
        var repository = Repository(Syncthing).Replacing("apps/sonarr/kustomization.yaml", "  - volsync.yaml\n", "  - volsync.yaml\n  - gone.yaml\n");
        Assert.Equal("KustomizationInvalid", Assert.Throws<HomelabException>(() => Silence("sonarr-primary").Apply(repository.Files)).Id);
        Assert.Empty(Silence("radarr-primary").Apply(repository.Files));
    }

    [Fact]
    public void What_two_Kustomizations_build_is_ambiguous()
    {
        var repository = Repository(Syncthing).With("cluster/more.yaml", Checked.Flux("more", "./more")).With("more/kustomization.yaml", "resources: [../apps/sonarr]\n");
        Assert.Equal("AppAmbiguous", Assert.Throws<HomelabException>(() => Silence("sonarr-primary").Apply(repository.Files)).Id);
    }

    private static AppRepository Repository(string text) => new AppRepository().With(File, text).Replacing("apps/sonarr/kustomization.yaml", "  - app.yaml\n", "  - app.yaml\n  - volsync.yaml\n");

    private static ResourceReference Source(string name, string kind = "ReplicationSource") => new(null, kind, "media", name);

    private static ReplicationEdit Silence(string name, string kind = "ReplicationSource") => new("Silence", ReplicationWish.Silence(Source(name, kind)));

    private static ReplicationEdit Revive(string name, params SyncthingPeer[] peers) => new("Revive", ReplicationWish.Revive(Source(name), peers));

    private static ReplicationEdit Revive(string name, string kind) => new("Revive", ReplicationWish.Revive(Source(name, kind)));
}
