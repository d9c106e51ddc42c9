using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>Ingresses that are open to everybody, or to everybody who listens.</summary>
public sealed class IngressCheckTests
{
    private const string NoTls = "Warning IngressWithoutTls Ingress/media/sonarr";
    private const string NoLogin = "Info IngressWithoutLogin Ingress/media/sonarr";
    private const string Tls = "\"tls\":[{\"hosts\":[\"sonarr.lan\"]}],";

    private static readonly MiddlewareWire[] Middlewares =
    [
        Middleware("traefik", "sso", """{"forwardAuth":{"address":"http://authelia.auth.svc.cluster.local:9091/api/authz/forward-auth"}}"""),
        Middleware("traefik", "users", """{"basicAuth":{"secret":"users"}}"""),
        Middleware("traefik", "lan", """{"ipAllowList":{"sourceRange":["192.168.1.0/24"]}}"""),
        Middleware("traefik", "headers", """{"headers":{"frameDeny":true}}"""),
        Middleware("traefik", "redirect", """{"redirectScheme":{"scheme":"https"}}"""),
        Middleware("traefik", "usual", """{"chain":{"middlewares":[{"name":"headers"},{"name":"sso"}]}}"""),
        Middleware("traefik", "plain", """{"chain":{"middlewares":[{"name":"headers","namespace":"traefik"}]}}"""),
        Middleware("traefik", "circle", """{"chain":{"middlewares":[{"name":"circle"}]}}"""),
    ];

    [Theory]
    [InlineData("", "", NoTls, NoLogin)]
    [InlineData(Tls, "", NoLogin)]
    [InlineData("", "traefik.ingress.kubernetes.io/router.tls|true", NoLogin)]
    [InlineData("", "traefik.ingress.kubernetes.io/router.tls|false", NoTls, NoLogin)]
    [InlineData("", "traefik.ingress.kubernetes.io/router.tls.certresolver|home", NoLogin)]
    [InlineData("", "traefik.ingress.kubernetes.io/router.entrypoints|websecure", NoLogin)]
    [InlineData("", "traefik.ingress.kubernetes.io/router.entrypoints|web, websecure", NoTls, NoLogin)]
    [InlineData("", "nginx.ingress.kubernetes.io/ssl-passthrough|true", NoLogin)]
    [InlineData(Tls, "nginx.ingress.kubernetes.io/auth-url|https://auth.lan/verify")]
    [InlineData(Tls, "nginx.ingress.kubernetes.io/auth-type|basic")]
    [InlineData(Tls, "nginx.ingress.kubernetes.io/auth-realm|home", NoLogin)]
    [InlineData(Tls, "haproxy-ingress.github.io/oauth|oauth2_proxy")]
    [InlineData(Tls, "nginx.ingress.kubernetes.io/whitelist-source-range|192.168.1.0/24")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-sso@kubernetescrd")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-headers@kubernetescrd, traefik-users@kubernetescrd")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-lan@kubernetescrd")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-headers@kubernetescrd", NoLogin)]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-usual@kubernetescrd")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-plain@kubernetescrd", NoLogin)]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-circle@kubernetescrd")]
    [InlineData(Tls, "traefik.ingress.kubernetes.io/router.middlewares|authelia@file")]
    [InlineData("", "traefik.ingress.kubernetes.io/router.middlewares|traefik-redirect@kubernetescrd")]
    public void What_stands_before_an_application_is_told_if_it_is_nothing(string tls, string annotation, params string[] expected) =>
        Assert.Equal(expected, new IngressCheck().Findings(Snapshot(Middlewares, Ingress("sonarr", tls, annotation))));

    [Fact]
    public void Nothing_is_concluded_where_middlewares_may_not_be_read() =>
        Assert.Empty(new IngressCheck().Findings(Snapshot(null, Ingress("sonarr", Tls, "traefik.ingress.kubernetes.io/router.middlewares|traefik-headers@kubernetescrd"))));

    [Theory]
    [InlineData("authelia", "auth", "login.lan")]
    [InlineData("portal", "web", "auth.lan")]
    public void The_page_where_people_log_in_has_to_be_open(string service, string space, string host)
    {
        var nginx = Ingress("sonarr", Tls, "nginx.ingress.kubernetes.io/auth-url|https://auth.lan/verify?rd=$escaped_request_uri");
        Assert.Empty(new IngressCheck().Findings(Snapshot(Middlewares, nginx, Ingress(service, Tls, "", space, host))));
        Assert.Equal([$"Info IngressWithoutLogin Ingress/other/{service}"], new IngressCheck().Findings(Snapshot(Middlewares, nginx, Ingress(service, Tls, "", "other", "other.lan"))));
    }

    [Fact]
    public void The_proof_of_a_certificate_is_left_alone() =>
        Assert.Empty(new IngressCheck().Findings(Snapshot(Middlewares, Ingress("sonarr", "", "", labels: "{\"acme.cert-manager.io/http01-solver\":\"true\"}"))));

    [Fact]
    public void The_hosts_are_named() => Assert.Contains("serves sonarr.lan without TLS", new IngressCheck().Text(Snapshot(Middlewares, Ingress("sonarr", "", ""))), StringComparison.Ordinal);

    private static HomelabSnapshot Snapshot(MiddlewareWire[]? middlewares, params IngressWire[] ingresses) =>
        new() { Cluster = Made.Cluster, Middlewares = middlewares, Ingresses = ingresses };

    private static MiddlewareWire Middleware(string space, string name, string spec) =>
        Made.Of(DiagnosisWireContext.Default.MiddlewareWire, $$"""{"metadata":{"name":"{{name}}","namespace":"{{space}}"},"spec":{{spec}}}""");

    private static IngressWire Ingress(string name, string tls, string annotation, string space = "media", string host = "sonarr.lan", string labels = "{}")
    {
        var annotations = annotation.Split('|') is [var key, var value] ? $$"""{"{{key}}":"{{value}}"}""" : "{}";
        return Made.Of(DiagnosisWireContext.Default.IngressWire, $$$"""
            {"metadata":{"name":"{{{name}}}","namespace":"{{{space}}}","annotations":{{{annotations}}},"labels":{{{labels}}}},
             "spec":{{{{tls}}}"rules":[{"host":"{{{host}}}","http":{"paths":[{"path":"/","backend":{"service":{"name":"{{{name}}}"} } }]} }]} }
            """);
    }
}
