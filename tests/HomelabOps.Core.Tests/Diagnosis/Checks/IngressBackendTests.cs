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

    [Theory]
    [InlineData("\"number\":80", "")]
    [InlineData("\"name\":\"web\"", "")]
    [InlineData("\"number\":81", "Error IngressPortMissing Ingress/media/web")]
    [InlineData("\"name\":\"admin\"", "Error IngressPortMissing Ingress/media/web")]
    public void An_Ingress_leads_to_a_port_that_is_there(string port, string expected)
    {
        var service = Made.Of(DiagnosisWireContext.Default.ServiceWire, """{"metadata":{"name":"sonarr","namespace":"media"},"spec":{"ports":[{"name":"web","port":80}]} }""");
        var snapshot = Snapshot([service], [Ingress($$$"""{"rules":[{"http":{"paths":[{"backend":{"service":{"name":"sonarr","port":{{{{port}}}} } } }]} }]}""")]);
        Assert.Equal(expected.Length == 0 ? [] : [expected], new IngressReferenceCheck().Findings(snapshot));
    }

    [Theory]
    [InlineData("known", "media-known@kubernetescrd", "")]
    [InlineData("gone", "media-known@kubernetescrd", "Warning IngressTlsSecretMissing Ingress/media/web")]
    [InlineData("known", "media-gone@kubernetescrd", "Error MiddlewareMissing Ingress/media/web")]
    [InlineData("known", "gone@file", "")]
    public void What_an_Ingress_names_is_there(string secret, string middleware, string expected)
    {
        var ingress = Ingress($$$"""{"tls":[{"secretName":"{{{secret}}}"}]}""", $$$"""{"traefik.ingress.kubernetes.io/router.middlewares":"{{{middleware}}}"}""");
        var snapshot = new HomelabSnapshot
        {
            Cluster = Made.Cluster,
            Now = Now,
            Ingresses = [ingress],
            Secrets = new HashSet<(string, string)> { ("media", "known") },
            Middlewares = [Made.Of(DiagnosisWireContext.Default.MiddlewareWire, """{"metadata":{"name":"known","namespace":"media"},"spec":{"basicAuth":{} } }""")],
        };
        Assert.Equal(expected.Length == 0 ? [] : [expected], new IngressReferenceCheck().Findings(snapshot));
        Assert.Empty(new IngressReferenceCheck().Findings(new() { Cluster = Made.Cluster, Now = Now, Ingresses = [ingress] }));
        Assert.Empty(new IngressReferenceCheck().Findings(new() { Cluster = Made.Cluster, Now = Now, Ingresses = [ingress], Middlewares = [] }));
    }

    [Theory]
    [InlineData("", "Error MiddlewareKindMissing CustomResourceDefinition/middlewares.traefik.io")]
    [InlineData("traefik.io", "Error MiddlewareMissing Ingress/media/web", "Error MiddlewareMissing Ingress/media/web")]
    [InlineData("traefik.io,traefik.containo.us")]
    [InlineData("traefik.containo.us")]
    public void Where_there_is_no_middleware_at_all_the_kind_tells_why(string groups, params string[] expected)
    {
        var ingress = Ingress("{}", """{"traefik.ingress.kubernetes.io/router.middlewares":"media-gone@kubernetescrd"}""");
        var snapshot = new HomelabSnapshot
        {
            Cluster = Made.Cluster,
            Now = Now,
            Ingresses = [ingress, ingress, Ingress("{}")],
            Middlewares = [],
            MiddlewareGroups = groups.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
        };
        Assert.Equal(expected, new IngressReferenceCheck().Findings(snapshot));
    }

    [Theory]
    [InlineData("\"ingressClassName\":\"traefik\"", "")]
    [InlineData("\"ingressClassName\":\"traefk\"", "Error IngressClassMissing IngressClass/traefk")]
    [InlineData("", "")]
    public void The_class_of_an_Ingress_is_there(string spec, string expected)
    {
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = Now, Ingresses = [Ingress($"{{{spec}}}"), Ingress($"{{{spec}}}")], IngressClasses = new HashSet<string> { "traefik" } };
        Assert.Equal(expected.Length == 0 ? [] : [expected], new IngressReferenceCheck().Findings(snapshot));
        Assert.Equal(expected.Length > 0, new IngressReferenceCheck().Text(snapshot).Contains("nobody serves the 2 Ingresses that name it (Ingress/media/web", StringComparison.Ordinal));
        Assert.Empty(new IngressReferenceCheck().Findings(new() { Cluster = Made.Cluster, Now = Now, Ingresses = [Ingress($"{{{spec}}}")] }));
    }

    [Theory]
    [InlineData("traefik", 0, "", "Error IngressControllerMissing Deployment/kube-system/traefik")]
    [InlineData("traefik", 1, "", "")]
    [InlineData("traefik-forward-auth", 0, "", "")]
    [InlineData("ingress-nginx-controller", 0, "\"ingressClassName\":\"nginx\"", "Error IngressControllerMissing Deployment/kube-system/ingress-nginx-controller")]
    [InlineData("traefik", 0, "\"ingressClassName\":\"nginx\"", "")]
    public void Who_serves_Ingresses_has_a_pod(string name, int replicas, string spec, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : [expected], new ControllerCheck().Findings(new() { Cluster = Made.Cluster, Ingresses = [Ingress($"{{{spec}}}")], Workloads = [Deployment(name, replicas)] }));

    [Fact]
    public void Who_looks_at_replications_has_a_pod()
    {
        var replication = new ReplicationStatus { Cluster = Made.Cluster, Kind = "ReplicationSource", Namespace = "media", Name = "sonarr" };
        Assert.Equal(["Error VolSyncControllerMissing Deployment/kube-system/volsync"], new ControllerCheck().Findings(new() { Cluster = Made.Cluster, Replications = [replication], Workloads = [Deployment("volsync", 0)] }));
        Assert.Empty(new ControllerCheck().Findings(new() { Cluster = Made.Cluster, Replications = [replication], Workloads = [Deployment("volsync", 1)] }));
        Assert.Empty(new ControllerCheck().Findings(new() { Cluster = Made.Cluster, Replications = [], Workloads = [Deployment("volsync", 0)] }));
    }

    private static WorkloadFacts Deployment(string name, int replicas) => new(new(Made.Cluster, "Deployment", "kube-system", name), Made.Of(DiagnosisWireContext.Default.WorkloadWire, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"replicas":{{{replicas}}} } }"""));

    private static IngressWire Ingress(string spec, string annotations = "{}") =>
        Made.Of(DiagnosisWireContext.Default.IngressWire, $$$"""{"metadata":{"name":"web","namespace":"media","creationTimestamp":"2026-01-01T00:00:00Z","annotations":{{{annotations}}} },"spec":{{{spec}}} }""");

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
