using System.Text;
using HomelabOps.Core.Applications.Scaffolding;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Applications.Scaffolding;

/// <summary>New applications in repositories of several layouts, and their way back.</summary>
public sealed class NewAppEditTests
{
    private static readonly AppConventions Conventions = new();

    private static NewApp Radarr => new() { Name = "radarr", Category = "media", Image = "linuxserver/radarr:5.26.2", Port = 7878, ProbePath = "/ping" };

    [Fact]
    public void A_replicated_application_has_all_that_the_runbook_names()
    {
        var changes = Add(Layouts.Runbook, Radarr with { IsStateful = true, IsReplicated = true, HostPaths = ["/data/media"] });

        Assert.Equal(
            [
                "apps/media/kustomization.yaml", "apps/media/radarr/deployment.yaml", "apps/media/radarr/ingress.yaml", "apps/media/radarr/kustomization.yaml", "apps/media/radarr/pvc.yaml",
                "apps/media/radarr/service.yaml", "apps/media/radarr/volsync.yaml", "infrastructure/storage/kustomization.yaml", "infrastructure/storage/radarr.yaml",
            ],
            changes.Select(change => change.Path));
        Assert.EndsWith("# what we watch\n", Text(changes, "apps/media/kustomization.yaml").Split("apiVersion", 2)[0], StringComparison.Ordinal);
        Assert.EndsWith("  - namespace.yaml\n  - ./sonarr\n  - ./radarr\n", Text(changes, "apps/media/kustomization.yaml"), StringComparison.Ordinal);
        var deployment = Text(changes, "apps/media/radarr/deployment.yaml");
        Assert.Contains("            - name: PUID\n              value: \"1000\"\n            - name: TZ\n              value: Europe/Berlin\n", deployment, StringComparison.Ordinal);
        Assert.Contains("      nodeSelector:\n        role: primary\n", deployment, StringComparison.Ordinal);
        Assert.Contains("        - name: data-media\n          hostPath:\n            path: /data/media\n", deployment, StringComparison.Ordinal);
        Assert.Contains("host: radarr.homelab\n", Text(changes, "apps/media/radarr/ingress.yaml"), StringComparison.Ordinal);
        Assert.Equal(4, Text(changes, "infrastructure/storage/radarr.yaml").Split("kind: PersistentVolume\n").Length - 1);
        Assert.Contains("path: /data/volsync/radarr-backup-config\n", Text(changes, "infrastructure/storage/radarr.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_one_has_a_workload_and_its_kustomization_only()
    {
        var changes = Add(Layouts.Runbook, Radarr with { Port = null, Image = "ghcr.io/recyclarr/recyclarr:7.4" });

        Assert.Equal(["apps/media/kustomization.yaml", "apps/media/radarr/deployment.yaml", "apps/media/radarr/kustomization.yaml"], changes.Select(change => change.Path));
        Assert.DoesNotContain("PUID", Text(changes, "apps/media/radarr/deployment.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_category_gets_a_namespace_and_an_entry()
    {
        var changes = Add(Layouts.Runbook, Radarr with { Name = "grafana", Category = "monitoring", Host = "" });

        Assert.Contains("apps/monitoring/namespace.yaml", changes.Select(change => change.Path));
        Assert.EndsWith("  - ./media\n  - ./monitoring\n", Text(changes, "apps/kustomization.yaml"), StringComparison.Ordinal);
        Assert.EndsWith("  - namespace.yaml\n  - grafana\n", Text(changes, "apps/monitoring/kustomization.yaml"), StringComparison.Ordinal);
        Assert.DoesNotContain("apps/monitoring/grafana/ingress.yaml", changes.Select(change => change.Path));
    }

    [Fact]
    public void Where_categories_have_a_Flux_Kustomization_a_new_one_gets_its_own()
    {
        var changes = Add(Layouts.Categories, Radarr with { Name = "grafana", Category = "monitoring" });

        var flux = Text(changes, "cluster/monitoring-kustomization.yaml");
        Assert.Contains("  name: monitoring\n", flux, StringComparison.Ordinal);
        Assert.Contains("  path: ./apps/monitoring\n", flux, StringComparison.Ordinal);
        Assert.Contains("  - monitoring-kustomization.yaml\n", Text(changes, "cluster/kustomization.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_applications_have_a_Flux_Kustomization_the_new_one_has_too()
    {
        var changes = Add(Layouts.HomeOps, Radarr with { Category = "default", IsStateful = true, StorageClass = "ceph-block" });

        Assert.Contains("  path: ./kubernetes/apps/default/radarr/app\n", Text(changes, "kubernetes/apps/default/radarr/ks.yaml"), StringComparison.Ordinal);
        Assert.Contains("  targetNamespace: default\n", Text(changes, "kubernetes/apps/default/radarr/ks.yaml"), StringComparison.Ordinal);
        Assert.Contains("  - ./zigbee/ks.yaml\n  - ./radarr/ks.yaml\n", Text(changes, "kubernetes/apps/default/kustomization.yaml"), StringComparison.Ordinal);
        Assert.Contains("storageClassName: ceph-block\n", Text(changes, "kubernetes/apps/default/radarr/app/pvc.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Layouts.Runbook), "media")]
    [InlineData(nameof(Layouts.HomeOps), "default")]
    public void Removing_it_again_leaves_no_trace(string layout, string category)
    {
        var files = new MemoryFiles(layout == nameof(Layouts.Runbook) ? Layouts.Runbook : Layouts.HomeOps);
        var isRunbook = layout == nameof(Layouts.Runbook);
        var added = new NewAppEdit(Radarr with { Category = category, IsStateful = true, IsReplicated = isRunbook, StorageClass = isRunbook ? null : "ceph-block" }, Conventions).Apply(files);

        var removed = new RemoveAppEdit(new("radarr"), Conventions, withVolumes: true).Apply(new ChangedFiles(files, added));

        Assert.Equal(added.Select(change => change.Path), removed.Select(change => change.Path));
        Assert.All(added.Zip(removed), pair => Assert.Equal(pair.First.Before, pair.Second.After));
    }

    [Fact]
    public void Without_its_volumes_the_claims_stay_as_they_are()
    {
        var files = new MemoryFiles(Layouts.Runbook);
        var changes = new RemoveAppEdit(new("media/sonarr"), Conventions, withVolumes: false).Apply(files);

        Assert.Equal(["apps/media/sonarr/deployment.yaml", "apps/media/sonarr/ingress.yaml", "apps/media/sonarr/kustomization.yaml"], changes.Select(change => change.Path));
        Assert.EndsWith("resources:\n  - pvc.yaml\n", Text(changes, "apps/media/sonarr/kustomization.yaml"), StringComparison.Ordinal);
        Assert.Empty(Findings(files, changes));
    }

    [Fact]
    public void A_claim_that_Flux_would_delete_with_it_keeps_the_application()
    {
        var files = new MemoryFiles(Layouts.HomeOps);
        var added = new NewAppEdit(Radarr with { Category = "default", IsStateful = true, StorageClass = "ceph-block" }, Conventions).Apply(files);
        var error = Assert.Throws<HomelabException>(() => new RemoveAppEdit(new("radarr"), Conventions, withVolumes: false).Apply(new ChangedFiles(files, added)));
        Assert.Equal("RemovalLosesVolume", error.Id);
        Assert.Contains("PersistentVolumeClaim/default/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stays_has_to_be_buildable_without_it()
    {
        (string Path, string Text)[] layout = [.. Layouts.Runbook.Select(file => file.Path == "apps/media/kustomization.yaml" ? (file.Path, file.Text + "patches:\n  - path: sonarr/ingress.yaml\n") : file)];
        Assert.Equal("RemovalUnbuildable", Assert.Throws<HomelabException>(() => new RemoveAppEdit(new("media/sonarr"), Conventions, withVolumes: true).Apply(new MemoryFiles(layout))).Id);
    }

    [Fact]
    public void The_repository_may_have_templates_of_its_own()
    {
        var template = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ name }}, namespace: {{ namespace }}, annotations: {by: us}}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: {{ image }}}]}}}\n";
        var changes = Add([.. Layouts.Runbook, (".homelabops/templates/deployment.yaml.liquid", template)], Radarr);

        Assert.Contains("annotations: {by: us}", Text(changes, "apps/media/radarr/deployment.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: {{ nothing }}", "there is no value 'nothing'.")]
    [InlineData("kind: {% if %}", "if")]
    [InlineData("# nothing", "it gives no manifest.")]
    public void A_template_that_cannot_be_filled_is_an_error(string template, string why)
    {
        var error = Assert.Throws<HomelabException>(() => Add([.. Layouts.Runbook, (".homelabops/templates/deployment.yaml.liquid", template)], Radarr));
        Assert.Equal("TemplateInvalid", error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Category")]
    [InlineData("Port")]
    [InlineData("Replicas")]
    [InlineData("HostName")]
    [InlineData("MountPath")]
    [InlineData("Capacity")]
    [InlineData("Replicated")]
    [InlineData("Variable")]
    public void What_no_cluster_would_take_is_refused(string parameter)
    {
        var app = parameter switch
        {
            "Name" => Radarr with { Name = "Radarr" },
            "Category" => Radarr with { Category = "../media" },
            "Port" => Radarr with { Port = 70000 },
            "Replicas" => Radarr with { Replicas = -1 },
            "HostName" => Radarr with { Host = "a b" },
            "MountPath" => Radarr with { MountPath = "config" },
            "Capacity" => Radarr with { Capacity = "5 GB" },
            "Replicated" => Radarr with { IsReplicated = true },
            _ => Radarr with { Environment = new Dictionary<string, string> { ["1 x"] = "y" } },
        };
        var error = Assert.Throws<HomelabException>(() => Add(Layouts.Runbook, app));
        Assert.Equal("AppInvalid", error.Id);
        Assert.Contains($"-{parameter}.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linuxserver/radarr", "ImageTagRequired")]
    [InlineData("Linux server:1", "ImageInvalid")]
    public void So_is_an_image_that_says_too_little(string image, string id) => Assert.Equal(id, Assert.Throws<HomelabException>(() => Add(Layouts.Runbook, Radarr with { Image = image })).Id);

    [Theory]
    [InlineData("sonarr")]
    [InlineData("extra")]
    public void What_is_there_already_is_not_written_over(string name)
    {
        var error = Assert.Throws<HomelabException>(() => Add([.. Layouts.Runbook, ("apps/media/extra/readme.md", "x")], Radarr with { Name = name }));
        Assert.Equal("AppExists", error.Id);
    }

    [Fact]
    public void Of_several_folders_of_applications_one_must_be_named()
    {
        (string, string)[] files = [.. Layouts.Runbook, ("other/apps/x/d.yaml", Layouts.Runbook[9].Text), ("cluster/more.yaml", Layouts.Of("more", "./other/apps"))];
        Assert.Equal("LayoutUnknown", Assert.Throws<HomelabException>(() => Add(files, Radarr)).Id);
        Assert.Equal("LayoutUnknown", Assert.Throws<HomelabException>(() => Add([], Radarr)).Id);
        Assert.NotEmpty(new NewAppEdit(Radarr, Conventions with { AppsFolder = "apps" }).Apply(new MemoryFiles(files)));
    }

    [Fact]
    public void What_cannot_be_found_or_told_apart_is_not_removed()
    {
        (string Path, string Text)[] two = [.. Layouts.Runbook, ("apps/media/sonarr/other.yaml", Layouts.Runbook[9].Text.Replace("sonarr", "other", StringComparison.Ordinal))];
        (string Path, string Text)[] twice = [.. Layouts.Runbook, ("apps/tv/sonarr/deployment.yaml", Layouts.Runbook[9].Text)];
        Assert.Equal("AppNotFound", Refusal(Layouts.Runbook, "radarr"));
        Assert.Equal("AppShared", Refusal(two, "sonarr"));
        Assert.Equal("AppAmbiguous", Refusal(twice, "sonarr"));

        static string Refusal((string, string)[] files, string name) => Assert.Throws<HomelabException>(() => new RemoveAppEdit(new(name), Conventions, withVolumes: false).Apply(new MemoryFiles(files))).Id;
    }

    [Theory]
    [InlineData("runbook-homelab", "media", null)]
    [InlineData("home-ops", "default", "ceph-block")]
    public void In_real_repositories_it_leaves_no_finding_and_no_trace(string repository, string category, string? storageClass)
    {
        Assert.SkipWhen(CorpusTests.Folder is null, "There is no folder shared/repos beside this repository.");
        var files = new DiskFiles(Path.Combine(CorpusTests.Folder!, repository));
        var app = Radarr with { Name = "newcomer", Category = category, IsStateful = true, IsReplicated = storageClass is null, StorageClass = storageClass };

        var added = new NewAppEdit(app, Conventions).Apply(files);
        Assert.Empty(Findings(files, added).Except(Findings(files, [])));

        var removed = new RemoveAppEdit(new(app.Name), Conventions, withVolumes: true).Apply(new ChangedFiles(files, added));
        Assert.All(added.Zip(removed), pair => Assert.Equal(pair.First.Before, pair.Second.After));
    }

    private static IReadOnlyList<FileChange> Add((string, string)[] repository, NewApp app)
    {
        var files = new MemoryFiles(repository);
        var changes = new NewAppEdit(app, Conventions).Apply(files);
        Assert.Empty(Findings(files, changes));
        return changes;
    }

    private static IEnumerable<string> Findings(IBuildFiles files, IEnumerable<FileChange> changes) =>
        ManifestChecks.Run(ManifestSnapshot.Read(new ChangedFiles(files, changes), ClusterFacts.None, null, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken)
            .Select(finding => $"{finding.Reason} {finding.Place} {finding.Message}");

    private static string Text(IReadOnlyList<FileChange> changes, string path) => Encoding.UTF8.GetString(changes.Single(change => change.Path == path).After!);
}
