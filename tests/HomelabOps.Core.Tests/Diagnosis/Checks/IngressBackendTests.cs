using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Services and Ingresses that lead nowhere.</summary>
public sealed class IngressBackendTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sonarr", "")]
    [InlineData("sonar", "Error IngressBackendMissing Ingress/media/web")]
    public void An_Ingress_leads_to_a_Service_that_is_there(string backend, string expected)
    {
        var snapshot = Snapshot([Service()], [Made.Of(DiagnosisWireContext.Default.IngressWire, $$$"""
            {"metadata":{"name":"web","namespace":"media"},"spec":{"rules":[{"host":"a.lan","http":{"paths":[{"path":"/","backend":{"service":{"name":"{{{backend}}}","port":{"number":80} } } }]} }]} }
            """)]);
        Assert.Equal(expected.Length == 0 ? [] : [expected], new ServiceCheck().Findings(snapshot));
    }

    [Fact]
    public void A_Service_whose_pods_are_not_ready_leads_nowhere()
    {
        var snapshot = Snapshot([Service()], [], new WorkloadFacts(new(Made.Cluster, "Deployment", "media", "sonarr"), Made.Of(DiagnosisWireContext.Default.WorkloadWire, """
            {"metadata":{"name":"sonarr","namespace":"media"},"spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"sonarr"} } } } }
            """)));
        Assert.Equal(["Warning ServiceWithoutEndpoint Service/media/sonarr"], new ServiceCheck().Findings(snapshot));
    }

    private static HomelabSnapshot Snapshot(ServiceWire[] services, IngressWire[] ingresses, WorkloadFacts? workload = null) => new()
    {
        Cluster = Made.Cluster,
        Now = Now,
        Services = services,
        Ingresses = ingresses,
        Endpoints = workload is null ? null : [],
        Workloads = workload is null ? null : [workload],
    };

    private static ServiceWire Service() => Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"sonarr","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"selector":{"app":"sonarr"} } }""");
}
