using System.Text;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Tests.Diagnosis.Manifests;
using HomelabOps.Core.Tests.GitOps.Commits;
using HomelabOps.Core.Tests.GitOps.Effective;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>Several edits are one: each sees what those before it did.</summary>
public sealed class CombinedEditTests
{
    private static readonly AppTarget Sonarr = new() { App = new("sonarr") };

    [Fact]
    public void Edits_of_one_file_are_one_change_from_its_first_bytes_to_its_last()
    {
        var repository = new AppRepository();
        var edit = new CombinedEdit("All at once", new SetReplicasEdit(Sonarr, 0), Moves.Over("sonarr", "pvc-sonarr"), new SetImageEdit(Sonarr, ":5.0.0", "sonarr"));
        var change = Assert.Single(edit.Apply(repository.Files));
        Assert.Equal(repository.Text("apps/sonarr/app.yaml"), Encoding.UTF8.GetString(change.Before!));
        var after = Encoding.UTF8.GetString(change.After!);
        Assert.All(["replicas: 0", "role: backup", "claimName: pvc-sonarr-backup", "sonarr:5.0.0"], text => Assert.Contains(text, after, StringComparison.Ordinal));
        Assert.Equal("All at once", edit.Message);
    }

    [Fact]
    public void A_new_file_is_there_for_the_next_edit()
    {
        var repository = new AppRepository().With("cluster/more.yaml", Checked.Flux("more", "./more")).With("more/kustomization.yaml", "resources: [map.yaml]\n");
        var changes = new CombinedEdit("", new FixedEdit("more/map.yaml"), Moves.Over("sonarr", "pvc-sonarr")).Apply(repository.Files);
        Assert.Equal(["more/map.yaml", "apps/sonarr/app.yaml"], changes.Select(change => change.Path));
        Assert.Null(changes[0].Before);
    }

    [Fact]
    public void What_a_later_edit_takes_back_is_no_change() =>
        Assert.Empty(new CombinedEdit("There and back", Moves.Over("sonarr", "pvc-sonarr"), Moves.Back("sonarr", "pvc-sonarr")).Apply(new AppRepository().Files));

    [Fact]
    public void Where_one_cannot_be_made_none_is_and_the_application_is_named()
    {
        var repository = new AppRepository().Adding("apps/sonarr/app.yaml", "sops:\n  mac: ENC[AES256_GCM,data:x]\n");
        var error = Assert.Throws<HomelabException>(() => new CombinedEdit("", Moves.Over("sonarr", "pvc-sonarr")).Apply(repository.Files));
        Assert.Equal("ManifestEditRefused", error.Id);
        Assert.StartsWith("sonarr: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("AppNotFound", Assert.Throws<HomelabException>(() => new CombinedEdit("", Moves.Over("sonarr", "pvc-sonarr"), Moves.Over("radarr", "pvc-radarr")).Apply(new AppRepository().Files)).Id);
    }
}
