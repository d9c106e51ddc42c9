using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

public sealed class HelmReleaseControllerTests
{
    private const string Source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 1h, url: 'oci://ghcr.io/charts/app-template', ref: {tag: 3.7.3}}\n";

    private const string Release = """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: app, namespace: flux-system}
        spec:
          interval: 1h
          chartRef: {kind: OCIRepository, name: app}
          values:
            controllers: {main: {containers: {main: {image: {repository: ghcr.io/app, tag: '1'}}}}}
            service: {main: {ports: {http: {port: 80}}}}
        """;

    [Fact]
    public async Task A_release_by_chartRef_has_status_storage_and_workloads()
    {
        await using var flux = await FluxCluster.StartAsync();
        await flux.ApplyAsync(Source);
        await flux.ApplyAsync(Release);
        var release = await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
        Assert.Equal(("app-template", "3.7.3", "deployed"), (Cells.Text(First(release), "chartName"), Cells.Text(First(release), "chartVersion"), Cells.Text(First(release), "status")));
        Assert.NotNull(await flux.Client.FindObjectAsync(Types.Secret, "flux-system", "sh.helm.release.v1.app.v1", Cluster.Stop));
        var deployment = await flux.Client.FindObjectAsync(Types.Deployment, "flux-system", "app", Cluster.Stop);
        Assert.Equal("ghcr.io/app:1", Cells.Text(Cells.Items(deployment, "spec.template.spec.containers").Single(), "image"));

        await flux.ApplyAsync(Release.Replace("'1'", "'2'", StringComparison.Ordinal));
        release = await flux.ReadyAsync(Types.HelmRelease, "app", "True", "UpgradeSucceeded");
        Assert.Equal(2, Cells.Count(release, "status.history"));
        Assert.Equal(("superseded", "superseded"), await StoredAsync(flux, 1));
        Assert.Equal(("deployed", "deployed"), await StoredAsync(flux, 2));
        await flux.Client.DeleteAsync(Types.HelmRelease, "flux-system", "app", new DeleteRequest(), Cluster.Stop);
        await Cluster.UntilAsync(async () => await flux.Client.FindObjectAsync(Types.Deployment, "flux-system", "app", Cluster.Stop) is null, "the workload is gone");
        Assert.Empty(flux.Cluster.Host.Faults);
    }

    // What the Secret of a release says by its label, and within.
    private static async Task<(string Label, string Status)> StoredAsync(FluxCluster flux, int version)
    {
        var secret = await flux.Client.FindObjectAsync(Types.Secret, "flux-system", $"sh.helm.release.v1.app.v{version}", Cluster.Stop);
        var packed = Convert.FromBase64String(Encoding.UTF8.GetString(Convert.FromBase64String(Cells.Text(secret, "data.release"))));
        await using var content = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        return (Cells.Text(secret, "metadata.labels.status"), Cells.Text(await JsonNode.ParseAsync(content, cancellationToken: Cluster.Stop), "info.status"));
    }

    [Fact]
    public async Task A_chart_template_becomes_a_HelmChart()
    {
        await using var flux = await FluxCluster.StartAsync();
        await flux.ApplyAsync("apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: flux-system}\nspec: {interval: 1h, url: 'https://charts.example.org'}\n");
        await flux.ApplyAsync("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db, namespace: flux-system}\nspec: {interval: 1h, chart: {spec: {chart: db, version: 1.2.3, sourceRef: {kind: HelmRepository, name: charts}}}}\n");
        await flux.ReadyAsync(Types.HelmRelease, "db", "True", "InstallSucceeded");
        var chart = await flux.ReadyAsync(Types.HelmChart, "flux-system-db", "True", "ChartPullSucceeded");
        Assert.Equal("1.2.3", Cells.Text(chart, "status.artifact.revision"));
        await flux.ReadyAsync(Types.HelmRepository, "charts", "True", "Succeeded");
    }

    [Fact]
    public async Task A_failure_is_told_stalls_without_retries_and_goes_on_when_it_is_reset()
    {
        await using var flux = await FluxCluster.StartAsync();
        await flux.ApplyAsync(Source);
        flux.World.SetReleaseFailure("flux-system/app", "timed out waiting for the condition");
        await flux.ApplyAsync(Release);
        var failed = await flux.ReadyAsync(Types.HelmRelease, "app", "False", "InstallFailed");
        Assert.Contains("timed out waiting for the condition", FluxCluster.Ready(failed)!.Value.Message, StringComparison.Ordinal);
        Assert.Contains(Cells.Items(failed, "status.conditions"), condition => Cells.Text(condition, "type") == "Stalled" && Cells.Text(condition, "reason") == "RetriesExceeded");

        flux.World.SetReleaseFailure("flux-system/app", null);
        var token = Guid.NewGuid().ToString("N");
        var annotations = new JsonObject { ["reconcile.fluxcd.io/requestedAt"] = token, ["reconcile.fluxcd.io/resetAt"] = token };
        await flux.Client.PatchAsync(Types.HelmRelease, "flux-system", "app", PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, Cluster.Stop);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
    }

    [Fact]
    public async Task A_source_that_cannot_be_had_is_the_reason_of_the_release()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.World.SetSourceFailure("flux-system/app", "unexpected status code 401 Unauthorized");
        await flux.ApplyAsync(Source);
        await flux.ApplyAsync(Release);
        await flux.ReadyAsync(Types.OciRepository, "app", "False", "OCIArtifactPullFailed");
        await flux.ReadyAsync(Types.HelmRelease, "app", "False", "SourceNotReady");
        flux.World.SetSourceFailure("flux-system/app", null);
        await flux.ReadyAsync(Types.HelmRelease, "app", "True", "InstallSucceeded");
    }

    private static JsonObject First(JsonObject release) => Cells.Items(release, "status.history").First();
}
