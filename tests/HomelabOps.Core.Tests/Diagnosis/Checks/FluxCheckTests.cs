using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Kustomizations that do not follow, and controllers that are not there.</summary>
public sealed class FluxCheckTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData("main@sha1:aaaa", 60, false)]
    [InlineData("main@sha1:bbbb", 21, true)]
    [InlineData("main@sha1:bbbb", 19, false)]
    public void One_that_does_not_take_over_what_its_source_has_is_told(string revision, int minutes, bool isTold)
    {
        var snapshot = Snapshot("source-controller,kustomize-controller", Kustomization(), Source(revision, minutes));
        Assert.Equal(isTold ? ["Warning BehindSource Kustomization/flux-system/apps"] : [], new FluxCheck().Findings(snapshot));
        Assert.Equal(isTold ? HomelabRepairKind.ReconcileFlux : null, HomelabTester.Find(snapshot, new()).SingleOrDefault()?.Repair?.Kind);
    }

    [Theory]
    [InlineData("HelmChart", "1.2.0", "1.3.0", 60, true)]
    [InlineData("HelmChart", "1.2.0", "1.3.0", 19, false)]
    [InlineData("HelmChart", "1.3.0", "1.3.0", 60, false)]
    [InlineData("OCIRepository", "1.2.0", "1.3.0@sha256:c4b1a9b9c2d91234", 60, true)]
    [InlineData("OCIRepository", "1.3.0", "1.3.0@sha256:c4b1a9b9c2d91234", 60, false)]
    [InlineData("OCIRepository", "1.3.0+c4b1a9b9c2d9", "1.3.0@sha256:c4b1a9b9c2d91234", 60, false)]
    [InlineData("OCIRepository", "1.3.0+c4b1a9b9c2d9", "1.3.0@sha256:d4b1a9b9c2d91234", 60, true)]
    [InlineData("OCIRepository", "1.3.0", "latest@sha256:c4b1a9b9c2d91234", 60, false)]
    [InlineData("OCIRepository", "", "1.3.0@sha256:c4b1a9b9c2d91234", 60, false)]
    public void A_release_that_does_not_take_over_its_chart_is_told(string kind, string attempted, string revision, int minutes, bool isTold)
    {
        var source = Source(revision, minutes) with { Kind = kind, Name = kind == "HelmChart" ? "media-sonarr" : "sonarr" };
        var release = Release() with { AttemptedRevision = attempted, Source = kind == "HelmChart" ? new(Made.Cluster, "HelmRepository", "flux-system", "charts") : source.Reference };
        Assert.Equal(isTold ? ["Warning BehindSource HelmRelease/media/sonarr"] : [], new FluxCheck().Findings(Snapshot("source-controller,helm-controller", release, source)));

        // What is being upgraded, has failed or is suspended says so itself, and nothing of this.
        foreach (var other in new[] { release with { Ready = ConditionStatus.Unknown, Reason = "Progressing", Age = TimeSpan.FromDays(1), LastTransition = Now.LocalDateTime }, release with { Suspended = true }, release with { Ready = ConditionStatus.False, Reason = "UpgradeFailed" } })
        {
            Assert.DoesNotContain(HomelabTester.Find(Snapshot("source-controller,helm-controller", other, source), new() { IncludeConsequence = true }), found => found.Reason == "BehindSource");
        }
    }

    [Fact]
    public void Values_that_nobody_has_looked_at_are_stale()
    {
        var found = Assert.Single(HomelabTester.Find(Snapshot("source-controller,helm-controller", Release() with { Stale = true, Reason = "Stale", Message = "the controller has not seen the newest change yet" }), new()));
        Assert.Equal(("Stale", "HelmRelease/media/sonarr", HomelabRepairKind.ReconcileFlux), (found.Reason, $"{found.Target}", found.Repair?.Kind));
    }

    [Fact]
    public void Whom_nobody_looks_at_is_behind_because_of_that()
    {
        var found = Assert.Single(HomelabTester.Find(Snapshot("source-controller", Kustomization(), Source("main@sha1:bbbb", 60)), new()));
        Assert.Equal(("FluxControllerMissing", "Deployment/flux-system/kustomize-controller"), (found.Reason, $"{found.Target}"));
        Assert.Contains("BehindSource", Assert.Single(found.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Flux_that_only_Git_knows_of_is_missed()
    {
        var found = Assert.Single(HomelabTester.Find(new() { Cluster = Made.Cluster, Now = Now, Flux = [], FluxOfRepository = ["clusters/homelab/flux-system/gotk-sync.yaml"] }, new()));
        Assert.Equal(("FluxAbsent", HomelabArea.Flux, FindingSeverity.Error, "Namespace/flux-system"), (found.Reason, found.Area, found.Severity, $"{found.Target}"));
        Assert.Contains("(clusters/homelab/flux-system/gotk-sync.yaml)", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source-controller,kustomize-controller", 1, "")]
    [InlineData("kustomize-controller", 1, "source-controller")]
    [InlineData("source-controller,kustomize-controller", 0, "source-controller,kustomize-controller")]
    [InlineData("", 1, "source-controller,kustomize-controller")]
    public void A_controller_is_missed_where_there_are_objects_of_it(string present, int replicas, string missing)
    {
        var snapshot = Snapshot(present, replicas, Kustomization(), Source("main@sha1:aaaa", 5));
        Assert.Equal(missing.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $"Error FluxControllerMissing Deployment/flux-system/{name}"), new FluxControllerCheck().Findings(snapshot));
    }

    [Fact]
    public void What_waits_for_one_that_is_suspended_comes_from_that()
    {
        // Suspending is an edit, so Flux does not take it for ready though it says so.
        var traefik = Kustomization() with { Name = "traefik", Ready = ConditionStatus.False, Reason = "DependencyNotReady", DependsOn = [Kustomization().Reference], Revision = "main@sha1:aaaa" };
        var found = Assert.Single(HomelabTester.Find(Snapshot("source-controller,kustomize-controller", Kustomization() with { Suspended = true }, traefik, Source("main@sha1:aaaa", 5)), new()));
        Assert.Equal(("SuspendedForgotten", "Kustomization/flux-system/apps"), (found.Reason, $"{found.Target}"));
    }

    [Fact]
    public void Where_Flux_is_not_used_nothing_of_it_is_missed()
    {
        Assert.Empty(new FluxControllerCheck().Findings(Snapshot("")));
        Assert.Empty(new FluxControllerCheck().Findings(new() { Cluster = Made.Cluster, Flux = [Kustomization()] }));
    }

    private static HomelabSnapshot Snapshot(string controllers, params FluxResource[] flux) => Snapshot(controllers, 1, flux);

    private static HomelabSnapshot Snapshot(string controllers, int replicas, params FluxResource[] flux) => new()
    {
        Cluster = Made.Cluster,
        Now = Now,
        Flux = flux,
        Workloads = [.. controllers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new WorkloadFacts(
            new(Made.Cluster, "Deployment", "flux-system", name),
            Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"replicas":{{{replicas}}} },"status":{"availableReplicas":{{{replicas}}} } }""")))],
    };

    private static FluxHelmRelease Release() => new()
    {
        Cluster = Made.Cluster, Kind = "HelmRelease", Namespace = "media", Name = "sonarr", Ready = ConditionStatus.True, Revision = "1.2.0", AttemptedRevision = "1.2.0", Interval = TimeSpan.FromMinutes(10),
    };

    private static FluxKustomization Kustomization() => new()
    {
        Cluster = Made.Cluster, Kind = "Kustomization", Namespace = "flux-system", Name = "apps", Ready = ConditionStatus.True,
        Revision = "main@sha1:aaaa", Interval = TimeSpan.FromMinutes(10), Source = new(Made.Cluster, "GitRepository", "flux-system", "flux-system"),
    };

    private static FluxSource Source(string revision, int minutes) => new()
    {
        Cluster = Made.Cluster, Kind = "GitRepository", Namespace = "flux-system", Name = "flux-system", Ready = ConditionStatus.True,
        Revision = revision, Artifact = new() { Revision = revision, Updated = Now.LocalDateTime.AddMinutes(-minutes) },
    };
}
