using System.Globalization;
using System.Text.Json;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Wire;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxMapperTests
{
    private const string ReadyTrue = """{"type":"Ready","status":"True","reason":"ReconciliationSucceeded","message":"Applied revision: main@sha1:abc","lastTransitionTime":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public void A_Kustomization_is_mapped_in_full()
    {
        var ks = (FluxKustomization)Kustomization($$"""
            {"metadata":{"name":"apps","namespace":"flux-system","generation":3,"creationTimestamp":"2026-01-01T00:00:00Z"},
            "spec":{"interval":"1h","path":"./apps","prune":true,"wait":true,"targetNamespace":"media","sourceRef":{"kind":"OCIRepository","name":"repo"},
              "dependsOn":[{"name":"infra"},{"name":"crds","namespace":"other"}]},
            "status":{"observedGeneration":3,"conditions":[{{ReadyTrue}}],"lastAppliedRevision":"main@sha1:abc","lastAttemptedRevision":"main@sha1:def",
              "history":[{"lastReconciled":"{{Ago(TimeSpan.FromMinutes(10))}}"},{"lastReconciled":"2026-01-01T00:00:00Z"}],
              "inventory":{"entries":[{"id":"media_web_apps_Deployment","v":"v1"},{"id":"_media__Namespace","v":"v1"},{"id":"_system__node__x_rbac.authorization.k8s.io_ClusterRole","v":"v1"},{"id":"media_cfg__ConfigMap"},{"id":"odd"},{"id":null}]} } }
            """);
        Assert.Equal(("home", "Kustomization", "flux-system", "apps"), (ks.Cluster, ks.Kind, ks.Namespace, ks.Name));
        Assert.Equal((ConditionStatus.True, true, false, false), (ks.Ready, ks.Healthy, ks.Stale, ks.Suspended));
        Assert.Equal(("ReconciliationSucceeded", "Applied revision: main@sha1:abc"), (ks.Reason, ks.Message));
        Assert.Equal(("main@sha1:abc", "main@sha1:def", "./apps", "media"), (ks.Revision, ks.AttemptedRevision, ks.Path, ks.TargetNamespace));
        Assert.Equal((TimeSpan.FromHours(1), true, true), (ks.Interval, ks.Prune, ks.Wait));
        Assert.Equal("OCIRepository/flux-system/repo", ks.Source?.ToString());
        Assert.Equal(["Kustomization/flux-system/infra", "Kustomization/other/crds"], ks.DependsOn.Select(one => one.ToString()));
        Assert.Equal(DateTimeKind.Local, ks.LastReconciled?.Kind);
        Assert.Equal(["Deployment/media/web", "Namespace/media", "ClusterRole/system:node:x", "ConfigMap/media/cfg", "/odd", "/"], ks.Inventory.Select(one => one.ToString()));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"},"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"},"spec":{"dependsOn":null,"sourceRef":null},"status":{"conditions":null,"history":null,"inventory":{"entries":null}}}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"n"},"spec":{},"status":{"conditions":[],"history":[],"inventory":{}}}""")]
    public void What_no_controller_has_seen_yet_is_unknown(string json)
    {
        foreach (var one in new[] { Kustomization(json), Release(json), Source(json, "GitRepository"), Other(json, "ImagePolicy") })
        {
            Assert.Equal((ConditionStatus.Unknown, "Unreported", false), (one.Ready, one.Reason, one.Healthy));
            Assert.NotEmpty(one.Message);
        }
    }

    [Fact]
    public void Conditions_and_fields_of_a_newer_Flux_change_nothing()
    {
        var one = Kustomization($$"""
            {"metadata":{"name":"a","namespace":"n","generation":1,"odd":{"name":"b"} },"spec":{"interval":"87600h","deferral":{"name":"b","suspend":true} },"novelty":[1,{"status":null}],
            "status":{"observedGeneration":1,"conditions":[{"type":"Dreaming","status":"Perhaps","depth":{"type":"Ready"} },{{ReadyTrue}},{"type":"Healthy","status":"False"}]} }
            """);

        Assert.Equal(("a", ConditionStatus.True, true, false), (one.Name, one.Ready, one.Healthy, one.Suspended));
        Assert.Equal([("Dreaming", ConditionStatus.Unknown), ("Ready", ConditionStatus.True), ("Healthy", ConditionStatus.False)], one.Conditions.Select(condition => (condition.Type, condition.Status)));
    }

    [Theory]
    [InlineData("Alert")]
    [InlineData("Provider")]
    [InlineData("ExternalArtifact")]
    public void Static_kinds_are_ready(string kind)
    {
        var one = Other("""{"metadata":{"name":"a"},"spec":{}}""", kind);
        Assert.Equal((ConditionStatus.True, "Static", true), (one.Ready, one.Reason, one.Healthy));
    }

    [Fact]
    public void Static_kinds_of_old_versions_keep_the_condition_that_they_have() =>
        Assert.Equal(ConditionStatus.False, Other("""{"status":{"conditions":[{"type":"Ready","status":"False"}]}}""", "Provider").Ready);

    [Fact]
    public void A_HelmRepository_of_type_oci_is_static_and_another_is_not()
    {
        Assert.Equal("Static", Source("""{"spec":{"type":"oci","url":"oci://x"}}""", "HelmRepository").Reason);
        Assert.Equal("Unreported", Source("""{"spec":{"url":"https://x"}}""", "HelmRepository").Reason);
    }

    [Fact]
    public void A_suspended_object_says_so_and_is_never_stale_or_healthy()
    {
        var one = Kustomization($$"""{"metadata":{"generation":9},"spec":{"suspend":true,"interval":"1m"},"status":{"observedGeneration":1,"conditions":[{{ReadyTrue}}],"history":[{"lastReconciled":"2020-01-01T00:00:00Z"}]} }""");
        Assert.Equal((true, "Suspended", false, false, ConditionStatus.True), (one.Suspended, one.Reason, one.Stale, one.Healthy, one.Ready));
        Assert.Equal("suspended; before that: Applied revision: main@sha1:abc", one.Message);
    }

    [Theory]
    [InlineData(3, 3L, null, false)]
    [InlineData(4, 3L, null, true)]
    [InlineData(4, -1L, null, false)]
    [InlineData(4, 3L, 4L, false)]
    [InlineData(4, 4L, 3L, true)]
    [InlineData(4, null, null, false)]
    public void Ready_for_an_older_generation_is_stale(long generation, long? status, long? condition, bool stale)
    {
        var json = $$$"""{"metadata":{"generation":{{{generation}}} },"spec":{},"status":{"observedGeneration":{{{Json(status)}}},"conditions":[{"type":"Ready","status":"True","observedGeneration":{{{Json(condition)}}} }]}}""";
        foreach (var one in new[] { Kustomization(json), Release(json), Source(json, "Bucket") })
        {
            Assert.Equal((stale, !stale), (one.Stale, one.Healthy));
            Assert.Equal(stale, one.Reason == "Stale");
        }
    }

    [Fact]
    public void What_is_not_ready_is_not_stale() =>
        Assert.False(Kustomization("""{"metadata":{"generation":4},"status":{"observedGeneration":3,"conditions":[{"type":"Ready","status":"False","reason":"BuildFailed"}]}}""").Stale);

    [Theory]
    [InlineData("10m", 30, false)]
    [InlineData("10m", 32, true)]
    [InlineData("1h", 32, false)]
    [InlineData("odd", 99999, false)]
    [InlineData("99999999999h", 99999, false)]
    [InlineData("2500000h", 99999, false)]
    public void Silence_of_three_intervals_is_stale(string interval, int minutes, bool stale)
    {
        var one = Kustomization($$"""{"spec":{"interval":"{{interval}}"},"status":{"conditions":[{{ReadyTrue}}],"history":[{"lastReconciled":"{{Ago(TimeSpan.FromMinutes(minutes))}}"}]} }""");
        Assert.Equal(stale, one.Stale);
        Assert.Equal(stale, one.Message.Contains("silent for", StringComparison.Ordinal));
    }

    [Fact]
    public void A_HelmRelease_with_a_chart_comes_from_its_repository()
    {
        var release = (FluxHelmRelease)Release($$"""
            {"metadata":{"name":"web","namespace":"media"},
            "spec":{"chart":{"spec":{"chart":"app-template","version":">=3","sourceRef":{"kind":"HelmRepository","name":"bjw-s","namespace":"flux-system"} } },"dependsOn":[{"name":"db"}]},
            "status":{"conditions":[{{ReadyTrue}}],"lastAttemptedRevision":"3.2.0","history":[{"chartName":"app-template","chartVersion":"3.1.0"},{"chartVersion":"3.0.0"}]} }
            """);
        Assert.Equal("HelmRepository/flux-system/bjw-s", release.Source?.ToString());
        Assert.Equal(("app-template", "3.1.0", "3.1.0", "3.2.0"), (release.Chart, release.Version, release.Revision, release.AttemptedRevision));
        Assert.Equal(("web", "media"), (release.ReleaseName, release.TargetNamespace));
        Assert.Equal("HelmRelease/media/db", Assert.Single(release.DependsOn).ToString());
    }

    [Fact]
    public void A_HelmRelease_with_a_chartRef_comes_from_what_it_refers_to()
    {
        var release = (FluxHelmRelease)Release("""{"metadata":{"name":"web","namespace":"media"},"spec":{"chartRef":{"kind":"OCIRepository","name":"app-template"}}}""");
        Assert.Equal(("OCIRepository/media/app-template", "app-template", null), (release.Source?.ToString(), release.Chart, release.Version));
        Assert.Equal(">=3", ((FluxHelmRelease)Release("""{"spec":{"chart":{"spec":{"chart":"c","version":">=3"}}}}""")).Version);
    }

    [Theory]
    [InlineData("", "web", "media")]
    [InlineData("\"releaseName\":\"w\"", "w", "media")]
    [InlineData("\"targetNamespace\":\"tv\"", "tv-web", "tv")]
    [InlineData("\"targetNamespace\":\"tv\",\"releaseName\":\"w\"", "w", "tv")]
    public void The_release_has_the_name_that_Flux_gives_it(string spec, string name, string target)
    {
        var release = (FluxHelmRelease)Release($$"""{"metadata":{"name":"web","namespace":"media"},"spec":{ {{spec}} } }""");
        Assert.Equal((name, target), (release.ReleaseName, release.TargetNamespace));
    }

    [Fact]
    public void A_long_release_name_is_shortened_as_the_controller_does()
    {
        var name = new string('a', 60);
        var release = (FluxHelmRelease)Release($$$"""{"metadata":{"name":"{{{name}}}","namespace":"media"},"spec":{}}""");

        // printf aaa… | sha256sum, of which the controller takes twelve digits.
        Assert.Equal(53, release.ReleaseName.Length);
        Assert.Equal(new string('a', 40) + "-11ee391211c6", release.ReleaseName);
    }

    [Theory]
    [InlineData("GitRepository", """{"spec":{"url":"https://g/x","ref":{"branch":"main"}}}""", "https://g/x", "main")]
    [InlineData("GitRepository", """{"spec":{"url":"https://g/x","ref":{"branch":"main","tag":"v1"}}}""", "https://g/x", null)]
    [InlineData("OCIRepository", """{"spec":{"url":"oci://g/x","ref":{"tag":"latest"}}}""", "oci://g/x", "latest")]
    [InlineData("OCIRepository", """{"spec":{"url":"oci://g/x","ref":{"semver":">=1"}}}""", "oci://g/x", ">=1")]
    [InlineData("HelmRepository", """{"spec":{"url":"https://charts"}}""", "https://charts", null)]
    public void Sources_have_their_address_and_what_they_follow(string kind, string json, string url, string? branch)
    {
        var source = (FluxSource)Source(json, kind);
        Assert.Equal(url, source.Url);
        if (branch is not null)
        {
            Assert.Equal(branch, source.Branch);
        }
    }

    [Theory]
    [InlineData("GitRepository", """{"branch":"main"}""", "")]
    [InlineData("GitRepository", """{"name":"refs/heads/main"}""", "")]
    [InlineData("GitRepository", """{"branch":"main","tag":"v1"}""", "v1")]
    [InlineData("GitRepository", """{"tag":"v1","semver":">=1"}""", ">=1")]
    [InlineData("GitRepository", """{"branch":"main","commit":"0123"}""", "0123")]
    [InlineData("GitRepository", """{"name":"refs/tags/v1"}""", "refs/tags/v1")]
    [InlineData("OCIRepository", """{"tag":"latest"}""", "")]
    public void A_repository_that_follows_no_branch_says_where_it_stays(string kind, string reference, string stays) =>
        Assert.Equal(stays, ((FluxSource)Source($$"""{"spec":{"url":"https://g/x","ref":{{reference}} } }""", kind)).StaysAt);

    [Fact]
    public void A_bucket_and_a_chart_and_an_artifact_are_mapped()
    {
        var chart = (FluxSource)Source("""{"metadata":{"namespace":"n"},"spec":{"chart":"web","version":"1.x","sourceRef":{"kind":"HelmRepository","name":"r"}},"status":{"artifact":{"revision":"1.2.3","digest":"sha256:x","size":77,"lastUpdateTime":"2026-01-01T00:00:00Z"}}}""", "HelmChart");
        Assert.Equal(("web", "1.x", "HelmRepository/n/r"), (chart.Url, chart.Branch, chart.Source?.ToString()));
        Assert.Equal(("1.2.3", "sha256:x", 77L, "1.2.3"), (chart.Artifact?.Revision, chart.Artifact?.Digest, chart.Artifact?.Size, chart.Revision));
        Assert.Contains("b1", ((FluxSource)Source("""{"spec":{"endpoint":"s3.lan","bucketName":"b1"}}""", "Bucket")).Url, StringComparison.Ordinal);
    }

    private static string Ago(TimeSpan time) => (DateTimeOffset.UtcNow - time).ToString("O", CultureInfo.InvariantCulture);

    private static string Json(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static FluxResource Kustomization(string json) => FluxMapper.Map(JsonSerializer.Deserialize(json, FluxWireContext.Default.KustomizationWire)!, "Kustomization", "home");

    private static FluxResource Release(string json) => FluxMapper.Map(JsonSerializer.Deserialize(json, FluxWireContext.Default.HelmReleaseWire)!, "HelmRelease", "home");

    private static FluxResource Source(string json, string kind) => FluxMapper.Map(JsonSerializer.Deserialize(json, FluxWireContext.Default.SourceWire)!, kind, "home");

    private static FluxResource Other(string json, string kind) => FluxMapper.Map(JsonSerializer.Deserialize(json, FluxWireContext.Default.FluxOtherWire)!, kind, "home");
}
