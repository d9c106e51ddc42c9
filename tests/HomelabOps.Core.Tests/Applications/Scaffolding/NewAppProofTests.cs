using System.Text;
using HomelabOps.Core.Applications.Scaffolding;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Applications.Scaffolding;

/// <summary>What a new application must not do to what is there, and what must not go with an old one.</summary>
public sealed class NewAppProofTests
{
    private const string Volumes = "infrastructure/storage/pv-sonarr.yaml";
    private const string Pvc = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pvc-other, namespace: tv}\nspec: {accessModes: [ReadWriteOnce], volumeName: pv-sonarr, storageClassName: \"\", resources: {requests: {storage: 1Gi}}}\n";

    private static readonly AppConventions Conventions = new();

    private static NewApp Radarr => new() { Name = "radarr", Category = "media", Image = "linuxserver/radarr:5.26.2", Port = 7878, Host = "" };

    [Theory]
    [InlineData("infrastructure/storage/radarr.yaml")]
    [InlineData("infrastructure/storage/all.yaml")]
    [InlineData("more/volumes.yaml")]
    public void The_volumes_of_a_namesake_elsewhere_are_not_written_twice(string file)
    {
        // The same folder, or one that another Kustomization applies.
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Select(one => one.Path == "infrastructure/storage/kustomization.yaml" && !file.StartsWith("more", StringComparison.Ordinal) ? (one.Path, one.Text + $"  - {file.Split('/')[^1]}\n") : one),
            ("cluster/more.yaml", Layouts.Of("more", "./more")),
            ("more/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: tv}\n"),
            (file, Layouts.Runbook.Single(one => one.Path == Volumes).Text.Replace("pv-sonarr", "pv-radarr-primary", StringComparison.Ordinal).Replace("media", "tv", StringComparison.Ordinal)),
        ];
        files = [.. files.Select(one => one.Path == "cluster/kustomization.yaml" ? (one.Path, one.Text + "  - more.yaml\n") : one)];

        var error = Refusal(files, Radarr with { IsStateful = true });
        Assert.Equal("AppCollides", error.Id);
        Assert.Contains($"PersistentVolume/pv-radarr-primary, which is written in {file}:1 already", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Add(files, Radarr));
    }

    [Theory]
    [InlineData("tv/pvc-radarr", false)]
    [InlineData("media/pvc-radarr", true)]
    [InlineData("/", true)]
    public void Nor_is_a_volume_of_the_cluster_taken_from_its_claim(string claim, bool isTaken)
    {
        var app = Radarr with { IsStateful = true, TakenVolumes = new Dictionary<string, string> { ["pv-radarr-primary"] = claim } };
        if (isTaken)
        {
            Assert.NotEmpty(Add(Layouts.Runbook, app));
            return;
        }

        var error = Refusal(Layouts.Runbook, app);
        Assert.Equal("AppCollides", error.Id);
        Assert.Contains("for the claim tv/pvc-radarr", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_built_with_it_is_not_committed()
    {
        var template = (".homelabops/templates/service.yaml.liquid", "apiVersion: v1\nkind: Service\nmetadata: {name: sonarr, namespace: media}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: sonarr, namespace: media}\n");
        var error = Refusal([.. Layouts.Runbook, template], Radarr);
        Assert.Equal("AppUnbuildable", error.Id);
        Assert.Contains("Kustomization/flux-system/apps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_is_what_is_listed_where_nothing_can_be_built_before()
    {
        (string Path, string Text)[] files = [.. Layouts.Runbook.Select(one => one.Path == "apps/kustomization.yaml" ? (one.Path, one.Text + "patches:\n  - path: nothing.yaml\n") : one)];
        Assert.Equal("AppUnbuildable", Refusal(files, Radarr).Id);
    }

    [Fact]
    public void What_is_there_must_not_become_another()
    {
        // A map that gives a variable a value which had its default so far.
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Select(one => (one.Path, one.Text.Replace(":4.0.16", ":${TAG:=4.0.16}", StringComparison.Ordinal).Replace("  path: ./apps\n", "  path: ./apps\n  postBuild: {substituteFrom: [{kind: ConfigMap, name: radarr, optional: true}]}\n", StringComparison.Ordinal))),
            (".homelabops/templates/service.yaml.liquid", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ name }}, namespace: flux-system}\ndata: {TAG: 5.0.0}\n"),
        ];
        var error = Refusal(files, Radarr);
        Assert.Equal("AppCollides", error.Id);
        Assert.Contains("Deployment/media/sonarr", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Add(files, Radarr with { Port = null }));
    }

    [Theory]
    [InlineData("nowhere", false, "AppInvalid")]
    [InlineData("nowhere", true, "")]
    [InlineData("default", false, "")]
    public void A_namespace_has_to_be_made_by_somebody(string name, bool isInCluster, string id)
    {
        var app = Radarr with { Namespace = name, IsNamespaceThere = isInCluster };
        if (id.Length == 0)
        {
            Assert.Equal([$"Deployment/{name}/radarr"], Runs(Layouts.Runbook, app));
            return;
        }

        var error = Refusal(Layouts.Runbook, app);
        Assert.Equal(id, error.Id);
        Assert.Contains("nowhere is no value for -Namespace. Neither the repository nor the cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_category_makes_no_namespace_a_second_time()
    {
        var changes = Add(Layouts.Runbook, Radarr with { Category = "tools", Namespace = "media" });
        Assert.DoesNotContain("apps/tools/namespace.yaml", changes.Select(change => change.Path));
        Assert.EndsWith("resources:\n  - radarr\n", Encoding.UTF8.GetString(changes.Single(change => change.Path == "apps/tools/kustomization.yaml").After!), StringComparison.Ordinal);
        Assert.Contains("apps/tools/namespace.yaml", Add(Layouts.Runbook, Radarr with { Category = "tools", Namespace = "nowhere" }).Select(change => change.Path));

        // A list without items, since kustomize refuses a file that says nothing at all.
        var removed = new RemoveAppEdit(new("radarr"), Conventions, withVolumes: true).Apply(new ChangedFiles(new MemoryFiles(Layouts.Runbook), changes));
        Assert.EndsWith("resources: []\n", Encoding.UTF8.GetString(removed.Single(change => change.Path == "apps/tools/kustomization.yaml").After!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_that_sets_another_namespace_is_told()
    {
        (string Path, string Text)[] files = [.. Layouts.Runbook.Select(one => one.Path == "apps/media/kustomization.yaml" ? (one.Path, one.Text + "namespace: media\n") : one)];
        Assert.Equal("AppInvalid", Refusal(files, Radarr with { Namespace = "default" }).Id);
        Assert.NotEmpty(Add(files, Radarr));
    }

    [Theory]
    [InlineData("claimRef: {namespace: tv, name: pvc-sonarr}", "")]
    [InlineData("claimRef: {namespace: media, name: pvc-sonarr}", Pvc)]
    public void A_volume_of_another_stays_when_the_application_goes(string reference, string other)
    {
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Select(one => one.Path == Volumes ? (one.Path, one.Text.Replace("claimRef: {namespace: media, name: pvc-sonarr}", reference, StringComparison.Ordinal)) : one),
            ("more/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: tv}\n"), ("cluster/more.yaml", Layouts.Of("more", "./more")),
        ];
        files = [.. files.Select(one => one.Path == "cluster/kustomization.yaml" ? (one.Path, one.Text + "  - more.yaml\n") : one), .. other.Length > 0 ? [("more/pvc.yaml", other)] : Array.Empty<(string, string)>()];

        Assert.DoesNotContain(Volumes, Remove(files).Select(change => change.Path));
        Assert.Contains(Volumes, Remove(Layouts.Runbook).Select(change => change.Path));
    }

    [Fact]
    public void The_namespace_of_what_stays_keeps_it()
    {
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Where(one => one.Path != "apps/media/namespace.yaml").Select(one => (one.Path, one.Text.Replace("  - namespace.yaml\n", "", StringComparison.Ordinal).Replace("  - pvc.yaml\n", "  - pvc.yaml\n  - namespace.yaml\n", StringComparison.Ordinal))),
            ("apps/media/sonarr/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: media}\n"),
        ];
        Assert.NotEmpty(Remove(files));
        Assert.Equal("AppShared", Assert.Throws<HomelabException>(() => new RemoveAppEdit(new("media/sonarr"), Conventions, withVolumes: false).Apply(new MemoryFiles(files))).Id);
    }

    [Fact]
    public void One_that_is_written_in_its_folder_keeps_it()
    {
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Select(one => one.Path == "apps/media/sonarr/kustomization.yaml" ? (one.Path, one.Text + "  - pv.yaml\n") : one),
            ("apps/media/sonarr/pv.yaml", Layouts.Runbook.Single(one => one.Path == Volumes).Text.Replace("pv-sonarr", "pv-other", StringComparison.Ordinal).Replace("namespace: media", "namespace: tv", StringComparison.Ordinal)),
        ];
        Assert.Equal("AppShared", Assert.Throws<HomelabException>(() => Remove(files)).Id);
    }

    [Fact]
    public void The_volume_of_a_mover_is_that_of_its_namespace()
    {
        var files = new MemoryFiles(Layouts.Runbook);
        var added = new NewAppEdit(Radarr with { IsStateful = true, IsReplicated = true }, Conventions).Apply(files);
        var volumes = added.Single(change => change.Path == "infrastructure/storage/radarr.yaml");
        var text = Encoding.UTF8.GetString(volumes.After!);
        Assert.Contains(volumes.Path, new RemoveAppEdit(new("radarr"), Conventions, withVolumes: true).Apply(new ChangedFiles(files, added)).Select(change => change.Path));

        var at = text.LastIndexOf("namespace: media", StringComparison.Ordinal);
        var theirs = volumes with { After = Encoding.UTF8.GetBytes(text[..at] + "namespace: tv" + text[(at + "namespace: media".Length)..]) };
        Assert.Equal("AppShared", Assert.Throws<HomelabException>(() => new RemoveAppEdit(new("radarr"), Conventions, withVolumes: true).Apply(new ChangedFiles(files, [.. added.Where(change => change != volumes), theirs]))).Id);
    }

    [Theory]
    [InlineData("sonarr", "sonarr-old", false)]
    [InlineData("sonarr-old", "sonarr", true)]
    [InlineData("sonarr-old", "sonarr-old-other", true)]
    public void The_volume_of_a_mover_is_that_of_the_longest_name(string own, string other, bool isOwn)
    {
        const string volume = "infrastructure/storage/mover.yaml";
        (string Path, string Text)[] files =
        [
            .. Layouts.Runbook.Select(one => one.Path switch
            {
                "apps/media/sonarr/kustomization.yaml" => (one.Path, one.Text + "  - mover.yaml\n"),
                "apps/media/kustomization.yaml" => (one.Path, one.Text + "  - other.yaml\n"),
                "infrastructure/storage/kustomization.yaml" => (one.Path, one.Text + "  - mover.yaml\n"),
                _ => one,
            }),
            ("apps/media/sonarr/mover.yaml", Mover(own)),
            ("apps/media/other.yaml", Mover(other)),
            (volume, Layouts.Runbook.Single(one => one.Path == Volumes).Text.Replace("name: pv-sonarr", "name: pv-mover", StringComparison.Ordinal).Replace("pvc-sonarr", "volsync-sonarr-old-config", StringComparison.Ordinal)),
        ];
        Assert.Equal(isOwn, Remove(files).Select(change => change.Path).Contains(volume));

        static string Mover(string name) => $"apiVersion: volsync.backube/v1alpha1\nkind: ReplicationSource\nmetadata: {{name: {name}, namespace: media}}\nspec: {{sourcePVC: pvc-sonarr, syncthing: {{}}}}\n";
    }

    [Theory]
    [InlineData("Deployment/default/zigbee")]
    [InlineData("default/zigbee")]
    [InlineData("HelmRelease/default/zigbee")]
    public void A_release_is_found_by_the_workload_that_it_makes(string name)
    {
        var changes = new RemoveAppEdit(new(name), Conventions, withVolumes: false).Apply(new MemoryFiles(Layouts.HomeOps));
        Assert.Contains("kubernetes/apps/default/zigbee/app/helmrelease.yaml", changes.Select(change => change.Path));
    }

    private static IReadOnlyList<FileChange> Remove((string, string)[] files) => new RemoveAppEdit(new("media/sonarr"), Conventions, withVolumes: true).Apply(new MemoryFiles(files));

    private static HomelabException Refusal((string, string)[] files, NewApp app) => Assert.Throws<HomelabException>(() => Add(files, app));

    private static IReadOnlyList<FileChange> Add((string, string)[] files, NewApp app) => new NewAppEdit(app, Conventions).Apply(new MemoryFiles(files));

    private static IEnumerable<string> Runs((string, string)[] files, NewApp app)
    {
        var edit = new NewAppEdit(app, Conventions);
        edit.Apply(new MemoryFiles(files));
        return edit.Runs.Select(run => $"{run.Kind}/{run.Namespace}/{run.Name}");
    }
}
