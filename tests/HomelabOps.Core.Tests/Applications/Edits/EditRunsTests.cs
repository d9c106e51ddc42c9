using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.Applications.Scaffolding;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.Tests.Applications.Scaffolding;
using HomelabOps.Core.Tests.GitOps;

namespace HomelabOps.Core.Tests.Applications.Edits;

/// <summary>What has to run in the cluster after an edit, as it is called there.</summary>
public sealed class EditRunsTests
{
    private const string Release = "kubernetes/apps/default/sonarr/app/helmrelease.yaml";

    // Its release goes by another name than the object, which is what the cluster knows.
    private static MemoryFiles HomeOps => new([.. Layouts.HomeOps.Select(file => file.Path == Release
        ? (file.Path, file.Text.Replace("  interval: 1h\n  chartRef", "  interval: 1h\n  releaseName: tv\n  values: {controllers: {main: {replicas: 1}}}\n  chartRef", StringComparison.Ordinal))
        : file)]);

    [Fact]
    public void Of_an_application_that_a_release_makes_it_is_the_release() =>
        Assert.Equal(["HelmRelease/default/sonarr"], Runs(new SetReplicasEdit(new AppTarget { App = new("tv") }, 2), HomeOps));

    [Fact]
    public void Of_a_workload_it_is_the_workload() =>
        Assert.Equal(["Deployment/media/sonarr"], Runs(new SetImageEdit(new AppTarget { App = new("sonarr") }, ":5.0.0"), new(Layouts.Runbook)));

    [Fact]
    public void Of_a_new_application_it_is_what_its_templates_make()
    {
        var app = new NewApp { Name = "radarr", Category = "media", Image = "linuxserver/radarr:5.26.2" };
        Assert.Equal(["Deployment/media/radarr"], Runs(new NewAppEdit(app, new AppConventions()), new(Layouts.Runbook)));

        var template = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: {{ name }}, namespace: {{ namespace }}}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: {{ image }}}]}}}\n";
        Assert.Equal(["StatefulSet/media/radarr"], Runs(new NewAppEdit(app, new AppConventions()), new([.. Layouts.Runbook, (".homelabops/templates/deployment.yaml.liquid", template)])));
    }

    [Fact]
    public void Of_files_it_is_the_applications_that_are_written_in_them() =>
        Assert.Equal(["HelmRelease/default/zigbee"], ManifestApp.In(HomeOps, path => path.Contains("zigbee", StringComparison.Ordinal)).Select(run => run.ToString()));

    private static IEnumerable<string> Runs(IRepositoryEdit edit, MemoryFiles files)
    {
        Assert.NotEmpty(edit.Apply(files));
        return edit.Runs.Select(run => run.ToString());
    }
}
