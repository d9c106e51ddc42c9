using System.Text.Json;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Wire;

namespace HomelabOps.Core.Tests.Flux;

/// <summary>For each reason that Flux gives for an object that is not ready: the object as its controller leaves it, and what is told about it.</summary>
public sealed class FluxReasonTests
{
    private const string Retry = """{"type":"Reconciling","status":"True","reason":"ProgressingWithRetry","message":"x","observedGeneration":2},""";

    [Theory]
    [InlineData("ArtifactFailed", "Source artifact not found, retrying in 30s", "GitRepository/flux-system/broken", "GitRepository/flux-system/broken", "broken")]
    [InlineData("ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/apps: no such file or directory", null, "correct the path")]
    [InlineData("DependencyNotReady", "dependency 'flux-system/crds' is not ready", "Kustomization/flux-system/crds", "Kustomization/flux-system/crds", "flux-system", "infra")]
    [InlineData("DependencyNotReady", "dependency 'flux-system/fine' revision is not up to date", null, "half a minute", "flux-system", "fine")]
    [InlineData("BuildFailed", "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'missing.yaml': open /tmp/missing.yaml: no such file or directory'", null, "Correct the file")]
    [InlineData("BuildFailed", "failed to decode Kubernetes YAML from /tmp/secret.yaml: failed to decrypt: 0 successful groups required, got 0", null, "Correct the file")]
    [InlineData("ReconciliationFailed", "Deployment/media/sonarr dry-run failed (Invalid): Deployment.apps \"sonarr\" is invalid: spec.selector: Invalid value: field is immutable", null, "spec.force")]
    [InlineData("PruneFailed", "Namespace/old delete failed: admission webhook denied the request", null, "finalizers")]
    [InlineData("HealthCheckFailed", "health check failed after 30s: timeout waiting for: [Deployment/media/sonarr status: 'InProgress']", null, "Get-HomelabPod")]
    [InlineData("HealthCheckCanceled", "health checks canceled: new revision detected", null, "Invoke-FluxReconcile Kustomization/flux-system/apps")]
    public void A_Kustomization_tells_reason_message_cause_and_remedy(string reason, string message, string? rootCause, string remedy, string source = "flux-system", string? dependsOn = null)
    {
        var apps = Explain(Kustomization("apps", reason, message, source, dependsOn is null ? "" : $$""" "dependsOn":[{"name":"{{dependsOn}}"}], """));
        Assert.Equal((ConditionStatus.False, false, reason, message), (apps.Ready, apps.Healthy, apps.Reason, apps.Message));
        Assert.Equal(rootCause, apps.RootCause?.ToString());
        Assert.Contains(remedy, apps.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AccessDenied", "can't access 'GitRepository/other/repo', cross-namespace references have been blocked", "reference to another namespace")]
    [InlineData("InvalidCELExpression", "failed to create status evaluators: failed to parse the CEL expression", "spec.healthCheckExprs")]
    [InlineData("FeatureGateDisabled", "the feature gate 'ExternalArtifact' is disabled", "Switch on")]
    public void One_that_is_stalled_says_that_only_a_change_helps(string reason, string message, string remedy)
    {
        var stalled = $$"""{"type":"Stalled","status":"True","reason":"{{reason}}","message":"x","observedGeneration":2},""";
        var apps = Explain(Kustomization("apps", reason, message, "flux-system", "", stalled));
        Assert.Equal((reason, message), (apps.Reason, apps.Message));
        Assert.Contains(remedy, apps.Remedy, StringComparison.Ordinal);
        Assert.Contains("when the spec changes", apps.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InstallFailed", "Helm install failed for release media/sonarr: timed out waiting for the condition", "-Reset -Force")]
    [InlineData("UpgradeFailed", "Helm upgrade failed for release media/sonarr: cannot patch \"sonarr\"", "values or the chart version")]
    [InlineData("TestFailed", "Helm test failed for release media/sonarr: pod failed", "test pods")]
    [InlineData("RollbackFailed", "Helm rollback to previous release failed", "way back")]
    [InlineData("UninstallSucceeded", "Helm uninstall remediation for release media/sonarr succeeded", "was taken away")]
    [InlineData("UninstallFailed", "Helm uninstall remediation failed", "finalizers")]
    [InlineData("ArtifactFailed", "Could not load chart: not found", "Look at the source first: Get-FluxStatus HelmRepository/media/charts")]
    [InlineData("DependencyNotReady", "dependency 'media/other' is not ready", "half a minute")]
    public void A_HelmRelease_tells_reason_message_and_remedy(string reason, string message, string remedy)
    {
        var release = Explain(Release($$"""{"type":"Ready","status":"False","reason":"{{reason}}","message":{{JsonSerializer.Serialize(message)}},"observedGeneration":2}"""));
        Assert.Equal((ConditionStatus.False, reason, message), (release.Ready, release.Reason, release.Message));
        Assert.Contains(remedy, release.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_remediation_the_error_that_it_was_for_is_told_too()
    {
        var release = Explain(Release("""
            {"type":"Ready","status":"False","reason":"RollbackSucceeded","message":"Helm rollback to previous release media/sonarr.v1 succeeded","observedGeneration":2},
            {"type":"Released","status":"False","reason":"UpgradeFailed","message":"Helm upgrade failed: context deadline exceeded"},
            {"type":"Remediated","status":"True","reason":"RollbackSucceeded","message":"x"}
            """));
        Assert.Equal("Helm rollback to previous release media/sonarr.v1 succeeded; because: Helm upgrade failed: context deadline exceeded", release.Message);
        Assert.Contains("former version runs", release.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_without_retries_left_is_told_how_it_tries_again()
    {
        var release = Explain(Release("""
            {"type":"Ready","status":"False","reason":"UpgradeFailed","message":"Helm upgrade failed","observedGeneration":2},
            {"type":"Stalled","status":"True","reason":"RetriesExceeded","message":"Failed to upgrade after 3 attempt(s)"}
            """));
        Assert.Equal("UpgradeFailed", release.Reason);
        Assert.Contains("Invoke-FluxReconcile HelmRelease/media/sonarr -Reset -Force", release.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AuthenticationFailed", "spec.secretRef of GitRepository/flux-system/repo")]
    [InlineData("GitOperationFailed", "branch")]
    [InlineData("URLInvalid", "spec.url")]
    [InlineData("VerificationError", "signature")]
    [InlineData("SomethingNew", "Get-FluxEvent GitRepository/flux-system/repo")]
    public void A_source_tells_what_to_do(string reason, string remedy)
    {
        var source = Source("repo", "False", reason);
        Assert.Equal((reason, "as the controller says"), (source.Reason, source.Message));
        Assert.Contains(remedy, source.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Suspended_and_unreported_objects_say_what_to_do_and_good_ones_nothing()
    {
        Assert.Empty(Source("repo", "True", "Succeeded").Remedy);
        Assert.Empty(Source("repo", "Unknown", "Progressing").Remedy);
        Assert.Contains("Resume-FluxResource", Source("repo", "True", "Succeeded", suspend: true).Remedy, StringComparison.Ordinal);
        Assert.Contains("Get-HomelabPod", FluxMapper.Map(Read("""{"metadata":{"name":"a"},"spec":{} }""", FluxWireContext.Default.SourceWire), "GitRepository", "home").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_of_a_release_is_nearer_than_its_repository()
    {
        var graph = new FluxGraph(new HashSet<string>());
        graph.Set(FluxMapper.Map(Read("""{"metadata":{"name":"charts","namespace":"media"},"spec":{"url":"https://x"},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""", FluxWireContext.Default.SourceWire), "HelmRepository", "home"));
        graph.Set(FluxMapper.Map(Read("""{"metadata":{"name":"media-sonarr","namespace":"media"},"spec":{"chart":"x","sourceRef":{"kind":"HelmRepository","name":"charts"} },"status":{"conditions":[{"type":"Ready","status":"False","reason":"ChartPullFailed","message":"no such version"}]} }""", FluxWireContext.Default.SourceWire), "HelmChart", "home"));
        var release = graph.Explain(Release("""{"type":"Ready","status":"False","reason":"ArtifactFailed","message":"HelmChart is not ready"}"""));
        Assert.Equal("HelmChart/media/media-sonarr", release.RootCause?.ToString());
    }

    private static FluxResource Explain(FluxResource resource)
    {
        var graph = new FluxGraph(new HashSet<string>());
        graph.Set(Source("flux-system", "True", "Succeeded"));
        graph.Set(Source("broken", "False", "GitOperationFailed"));
        graph.Set(Kustomization("crds", "BuildFailed", "x", "flux-system", ""));
        graph.Set(Kustomization("infra", "DependencyNotReady", "x", "flux-system", """ "dependsOn":[{"name":"crds"}], """));
        graph.Set(FluxMapper.Map(Read("""{"metadata":{"name":"fine","namespace":"flux-system"},"spec":{},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""", FluxWireContext.Default.KustomizationWire), "Kustomization", "home"));
        graph.Set(FluxMapper.Map(Read("""{"metadata":{"name":"charts","namespace":"media"},"spec":{"url":"https://x"},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""", FluxWireContext.Default.SourceWire), "HelmRepository", "home"));
        graph.Set(resource);
        return graph.Explain(resource);
    }

    // A failed attempt leaves Reconciling True and does not advance the observed generation.
    private static FluxResource Kustomization(string name, string reason, string message, string source, string spec, string others = Retry) => FluxMapper.Map(
        Read(
            $$"""
            {"metadata":{"name":"{{name}}","namespace":"flux-system","generation":2},"spec":{ {{spec}}"path":"./apps","prune":true,"sourceRef":{"kind":"GitRepository","name":"{{source}}"} },
            "status":{"observedGeneration":1,"conditions":[{{others}}{"type":"Ready","status":"False","reason":"{{reason}}","message":{{JsonSerializer.Serialize(message)}},"observedGeneration":2,"lastTransitionTime":"2026-01-01T00:00:00Z"}],
            "lastAppliedRevision":"main@sha1:a","lastAttemptedRevision":"main@sha1:b"} }
            """,
            FluxWireContext.Default.KustomizationWire),
        "Kustomization",
        "home");

    private static FluxResource Release(string conditions) => FluxMapper.Map(
        Read($$"""{"metadata":{"name":"sonarr","namespace":"media","generation":2},"spec":{"chart":{"spec":{"chart":"x","sourceRef":{"kind":"HelmRepository","name":"charts"} } } },"status":{"observedGeneration":2,"conditions":[{{conditions}}]} }""", FluxWireContext.Default.HelmReleaseWire),
        "HelmRelease",
        "home");

    private static FluxResource Source(string name, string status, string reason, bool suspend = false) => FluxMapper.Map(
        Read($$"""{"metadata":{"name":"{{name}}","namespace":"flux-system"},"spec":{"suspend":{{(suspend ? "true" : "false")}},"url":"https://x"},"status":{"conditions":[{"type":"Ready","status":"{{status}}","reason":"{{reason}}","message":"as the controller says"}]} }""", FluxWireContext.Default.SourceWire),
        "GitRepository",
        "home");

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;
}
