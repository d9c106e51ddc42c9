using HomelabOps.Core;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>An API server that answers badly is a finding, or an error, and never silence.</summary>
public sealed class DiagnosisWireTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("WireTooManyRequests", "ApiNotAnswering")]
    [InlineData("WireInternalError", "ApiNotAnswering")]
    [InlineData("WireUnavailable", "ApiNotAnswering")]
    [InlineData("WireConnectionReset", "ApiNotAnswering")]
    [InlineData("WireStalledBody", "ApiNotAnswering")]
    [InlineData("WireGone", "ApiNotAnswering")]
    [InlineData("WireSlow", "ApiSlow")]
    [InlineData("WireWatchCut", "ApiCutsWatches")]
    public async Task A_server_that_answers_badly_is_the_finding(string fault, string reason)
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var on = await homelab.Faults.SwitchOnAsync(fault, null, Stop);

        var (findings, _) = await TestAsync();
        Assert.Equal(reason, Assert.Single(findings).Reason);
        Assert.NotEmpty(findings[0].Remedy);
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_an_error()
    {
        await using var on = await homelab.Faults.SwitchOnAsync("WireUnauthorized", null, Stop);
        Assert.Equal("AuthenticationFailed", (await Assert.ThrowsAsync<HomelabException>(() => TestAsync())).Id);
    }

    [Fact]
    public async Task What_may_not_be_read_is_told_and_the_rest_goes_on()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var on = await homelab.Faults.SwitchOnAsync("WireForbidden", "deployments.apps", Stop);
        await using var node = await homelab.Faults.SwitchOnAsync("NodeDown", null, Stop);
        await homelab.UntilAsync(async () => (await TestAsync()).Findings.Any(finding => finding.Reason == "NodeNotReady"), "the node is found", TimeSpan.FromSeconds(20));
        Assert.Contains((await TestAsync()).Notices.OfType<WarningNotice>(), notice => notice.Text.Contains("deployments.apps", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HomelabArea.Cluster, "nodes")]
    [InlineData(HomelabArea.Cluster, "leases.coordination.k8s.io")]
    [InlineData(HomelabArea.Cluster, "namespaces")]
    [InlineData(HomelabArea.Pod, "pods")]
    [InlineData(HomelabArea.Pod, "configmaps")]
    [InlineData(HomelabArea.Pod, "events")]
    [InlineData(HomelabArea.Volume, "persistentvolumeclaims")]
    [InlineData(HomelabArea.Volume, "persistentvolumes")]
    [InlineData(HomelabArea.Replication, "replicationsources.volsync.backube")]
    [InlineData(HomelabArea.Flux, "kustomizations.kustomize.toolkit.fluxcd.io")]
    [InlineData(HomelabArea.Flux, "helmreleases.helm.toolkit.fluxcd.io")]
    [InlineData(HomelabArea.MetalLB, "deployments.apps")]
    [InlineData(HomelabArea.MetalLB, "secrets")]
    [InlineData(HomelabArea.MetalLB, "ipaddresspools.metallb.io")]
    [InlineData(HomelabArea.Ingress, "ingresses.networking.k8s.io")]
    [InlineData(HomelabArea.Network, "services")]
    [InlineData(HomelabArea.Network, "endpoints")]
    [InlineData(HomelabArea.Certificate, "ingresses.networking.k8s.io")]
    public async Task Of_each_area_what_may_not_be_read_is_no_finding(HomelabArea area, string resource)
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var on = await homelab.Faults.SwitchOnAsync("WireForbidden", resource, Stop);
        var (findings, notices) = await TestAsync(area);
        Assert.Equal("", DiagnosedHomelab.Text(findings));

        // Events are evidence: without them a finding stands.
        Assert.True(resource == "events" || notices.Any(notice => $"{notice}".Contains(resource.Split('.')[0], StringComparison.Ordinal)), string.Join('\n', notices));
    }

    [Fact]
    public async Task Pods_that_cannot_be_listed_are_told_with_the_reason_and_not_called_forbidden()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var on = await homelab.Faults.SwitchOnAsync("WireInternalError", "pods", Stop);
        var (_, notices) = await TestAsync(HomelabArea.Replication);
        Assert.DoesNotContain(notices, notice => $"{notice}".Contains("may not list", StringComparison.Ordinal));
        Assert.Contains(notices, notice => $"{notice}".Contains("the pods of the movers", StringComparison.OrdinalIgnoreCase) && $"{notice}".Contains("500", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_between_server_and_clients_is_looked_for() =>
        Assert.Equal(10, HomelabFaults.Known.Count(fault => fault.TargetKind == FaultTargetKind.Resource));

    private async Task<(IReadOnlyList<HomelabFinding> Findings, IReadOnlyList<Notice> Notices)> TestAsync(params HomelabArea[] areas)
    {
        var (findings, notices) = (new List<HomelabFinding>(), new List<Notice>());

        // A client as users have it: the homelab's own are not met by what goes wrong on the way.
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
        await foreach (var item in HomelabTester.TestAsync(client, new HomelabTestQuery { Areas = areas.Length > 0 ? areas : [HomelabArea.Cluster, HomelabArea.Pod], Links = false }, Stop))
        {
            if (item.Notice is { } notice)
            {
                notices.Add(notice);
            }
            else
            {
                findings.Add(item.Value!);
            }
        }

        return (findings, notices);
    }
}
