using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.GitOps.Commits;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>A Service whose workload is gone, and the commit that took it.</summary>
public sealed class ServiceCheckTests : IDisposable
{
    private static readonly ServiceWire Service = Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"selector":{"app":"sonarr"} } }""");

    private readonly GitHome _home = new();
    private readonly string _clone;

    public ServiceCheckTests()
    {
        _clone = _home.Clone("clone");
        GitHome.Write(_clone, "apps/media/sonarr/kustomization.yaml", "resources:\n  - deployment.yaml\n  - service.yaml\n");
        GitHome.Push(_clone, "List what sonarr has");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_commit_that_deleted_the_manifest_is_named()
    {
        File.Delete(Path.Combine(_clone, GitHome.Sonarr));
        var commit = GitHome.Push(_clone, "Tidy up");
        GitHome.Write(_clone, "README.md", "Later.");
        GitHome.Push(_clone, "Say something");

        var text = new ServiceCheck().Text(await SnapshotAsync(Service));
        Assert.Contains($"commit {commit[..8]} of Anna", text, StringComparison.Ordinal);
        Assert.Contains($"\"Tidy up\", has deleted {GitHome.Sonarr}.", text, StringComparison.Ordinal);
        Assert.Contains("Restore-HomelabManifest sonarr ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_the_one_that_took_its_entry_out()
    {
        GitHome.Write(_clone, "apps/media/sonarr/kustomization.yaml", "resources:\n  - service.yaml\n");
        var commit = GitHome.Push(_clone, "Tidy up");
        var text = new ServiceCheck().Text(await SnapshotAsync(Service));
        Assert.Contains($"commit {commit[..8]} of Anna", text, StringComparison.Ordinal);
        Assert.Contains("has taken the entry out of apps/media/sonarr/kustomization.yaml that led to it", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Service_may_be_called_otherwise_than_its_application()
    {
        File.Delete(Path.Combine(_clone, GitHome.Sonarr));
        GitHome.Push(_clone, "Tidy up");
        var other = Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"web","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"selector":{"app.kubernetes.io/name":"sonarr"} } }""");
        Assert.Contains("Restore-HomelabManifest sonarr ", new ServiceCheck().Text(await SnapshotAsync(other)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_such_a_commit_or_a_repository_the_finding_stands()
    {
        Assert.Equal(["Error ServiceWithoutWorkload Service/media/sonarr"], new ServiceCheck().Findings(await SnapshotAsync(Service)));
        Assert.Null(await DeletedManifest.FindAsync(Path.Combine(_clone, "nowhere"), ["sonarr"], Stop));
    }

    [Theory]
    [InlineData("11:59:50", "")]
    [InlineData("11:50:00", "Warning ServiceWithoutEndpoint Service/media/sonarr")]
    public void A_pod_that_has_just_got_its_node_takes_its_time_however_long_it_has_waited_for_it(string scheduled, string expected)
    {
        var pod = Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"sonarr-1","namespace":"media","labels":{"app":"sonarr"},"creationTimestamp":"2026-11-26T11:00:00Z"},"spec":{"nodeName":"w1","containers":[{"name":"app"}]},
             "status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-26T{{{scheduled}}}Z"}]} }
            """);
        var snapshot = new HomelabSnapshot
        {
            Cluster = Made.Cluster,
            Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero),
            Services = [Service],
            Workloads = [],
            Endpoints = [],
            Pods = [new(pod, new(Made.Cluster, "Pod", "media", "sonarr-1"), null)],
        };
        Assert.Equal(expected, string.Join('\n', new ServiceCheck().Findings(snapshot)));
    }

    private async Task<HomelabSnapshot> SnapshotAsync(ServiceWire service) => new()
    {
        Cluster = Made.Cluster,
        Services = [service],
        Workloads = [],
        Endpoints = [],
        Deleted = await DeletedManifest.FindAsync(_clone, [service], [], [], Stop),
    };
}
