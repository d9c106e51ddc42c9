using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>
/// A real API server that calls a real webhook with our certificate, because it trusts our authority. Only MetalLB itself is not there:
/// a Deployment with its labels and arguments stands for it, and the Service leads to the webhook of the test.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MetalLBLabTests : ClusterTest
{
    private const string Configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

    private readonly LabNamespace _space = new();
    private readonly RoleGrant _role = new("homelabops-metallb");
    private readonly LabApi _api = new();
    private readonly AdmissionServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    public MetalLBLabTests()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state);
        _space.Send(HttpMethod.Patch, $"/api/v1/namespaces/{_space.Name}", $$"""{"metadata":{"labels":{"homelabops-test":"{{_space.Name}}"} } }""");
        _space.Send(HttpMethod.Post, $"/api/v1/namespaces/{_space.Name}/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"metallb-webhook-service"},"spec":{"type":"ExternalName","externalName":"localhost"} }""");
        _space.Send(HttpMethod.Post, $"/apis/apps/v1/namespaces/{_space.Name}/deployments", """
            {
              "apiVersion": "apps/v1",
              "kind": "Deployment",
              "metadata": { "name": "controller", "labels": { "app": "metallb", "component": "controller" } },
              "spec": {
                "selector": { "matchLabels": { "app": "metallb", "component": "controller" } },
                "template": {
                  "metadata": { "labels": { "app": "metallb", "component": "controller" } },
                  "spec": {
                    "terminationGracePeriodSeconds": 0,
                    "containers": [{
                      "name": "controller", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent",
                      "command": ["sh", "-c", "exec sleep 3600"], "args": ["--disable-cert-rotation"],
                      "volumeMounts": [{ "name": "cert", "mountPath": "/tmp/k8s-webhook-server/serving-certs" }]
                    }],
                    "volumes": [{ "name": "cert", "secret": { "secretName": "metallb-webhook-cert" } }]
                  }
                }
              }
            }
            """);
        _space.Send(HttpMethod.Post, Configurations, $$"""
            {
              "apiVersion": "admissionregistration.k8s.io/v1",
              "kind": "ValidatingWebhookConfiguration",
              "metadata": { "name": "{{_space.Name}}" },
              "webhooks": [{
                "name": "ipaddresspoolvalidationwebhook.metallb.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail",
                "namespaceSelector": { "matchLabels": { "homelabops-test": "{{_space.Name}}" } },
                "clientConfig": { "service": { "name": "metallb-webhook-service", "namespace": "{{_space.Name}}", "path": "/validate", "port": {{_server.Port.ToString(CultureInfo.InvariantCulture)}} } },
                "rules": [{ "apiGroups": ["metallb.io"], "apiVersions": ["v1beta1"], "operations": ["CREATE"], "resources": ["ipaddresspools"] }]
              }]
            }
            """);
    }

    [Fact]
    public void The_API_server_calls_a_webhook_with_our_certificate_and_trusts_our_authority()
    {
        Assert.Equal("SecretMissing", Reason());
        Assert.Equal([$"True kubernetes.io/tls 4096 ValidatingWebhookConfiguration/{_space.Name} True"], Run($"New-MetalLBWebhookCert -Namespace {_space.Name} -RestartController -TimeoutSeconds 120 -KubeConfig '{_role.KubeConfig}' | ForEach-Object {{ \"$($_.Created) $($_.Type) $($_.KeySize) $($_.Trusting) $($_.Restarted)\" }}").ThrowIfFailed().Strings);

        var data = _api.Send(HttpMethod.Get, $"/api/v1/namespaces/{_space.Name}/secrets/metallb-webhook-cert")["data"]!.AsObject();
        _server.Certificate = X509Certificate2.CreateFromPem(Text(data, "tls.crt"), Text(data, "tls.key"));
        Assert.Equal("", Reason());
        Assert.Contains(_server.Reviews, review => (string?)review["kind"]!["kind"] == "IPAddressPool" && (string?)review["namespace"] == _space.Name && (bool?)review["dryRun"] == true);

        // A pool that the webhook refuses is as good a proof.
        _server.Refusal = "the test says no";
        Assert.Equal(["True True"], Test("$($_.Healthy) $($_.DryRun)"));
        _server.Refusal = null;

        // Nothing is made anew that is good, and what lost its trust gets it back.
        Assert.Equal(["False 0"], Make());
        SetBundle(OtherAuthority());
        Assert.Equal(["False False CaMismatch"], Test("$($_.Healthy) $($_.DryRun) $($_.Reason)"));
        Assert.Equal(["False 1"], Make());
        Assert.Equal("", Reason());
        Assert.Empty(_api.Send(HttpMethod.Get, $"/apis/metallb.io/v1beta1/namespaces/{_space.Name}/ipaddresspools")["items"]!.AsArray());
    }

    [Fact]
    public void Who_may_see_little_is_told_what_was_not_read()
    {
        var api = $"/apis/rbac.authorization.k8s.io/v1/namespaces/{_space.Name}";
        _space.Send(HttpMethod.Post, $"/api/v1/namespaces/{_space.Name}/serviceaccounts", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"looker"} }""");
        _space.Send(HttpMethod.Post, $"{api}/roles", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"looker"},"rules":[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["get","list"]}]}""");
        _space.Send(HttpMethod.Post, $"{api}/rolebindings", $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"looker"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"looker"},"subjects":[{"kind":"ServiceAccount","name":"looker","namespace":"{{_space.Name}}"}]}""");
        var token = _api.Send(HttpMethod.Post, $"/api/v1/namespaces/{_space.Name}/serviceaccounts/looker/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":[]} }""")["status"]!["token"]!;
        var file = _folder.File("config", KubeConfigs.Of(Lab.Field("server"), $"certificate-authority: {Lab.Field("certificate-authority")}", $"token: {token}"));

        var result = Run($"Test-MetalLBWebhook -Namespace {_space.Name} -KubeConfig '{file}' | ForEach-Object {{ \"$($_.ExpectedSecretName) $($null -eq $_.SecretExists) $($null -eq $_.CaMatches) $($null -eq $_.DryRun)\" }}").ThrowIfFailed();
        Assert.Equal(["metallb-webhook-cert True True True"], result.Strings);
        Assert.Contains(result.Warnings, warning => $"{warning}".Contains("secrets", StringComparison.Ordinal));
        Assert.Equal(["AccessDenied"], Run($"New-MetalLBWebhookCert -Namespace {_space.Name} -KubeConfig '{file}'").ErrorIds);
    }

    protected override void Dispose(bool disposing)
    {
        _api.Send(HttpMethod.Delete, $"{Configurations}/{_space.Name}");
        _space.Dispose();
        _role.Dispose();
        _api.Dispose();
        _server.Dispose();
        _folder.Dispose();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        Directory.Delete(_state, recursive: true);
        base.Dispose(disposing);
    }

    private static string Text(JsonObject data, string field) => Encoding.UTF8.GetString(Convert.FromBase64String((string)data[field]!));

    private static string OtherAuthority() => Convert.ToBase64String(File.ReadAllBytes(Lab.Field("certificate-authority")));

    private string Reason() => Test("$($_.Reason)").Single()!;

    private IEnumerable<string?> Test(string shown) => Run($"Test-MetalLBWebhook -Namespace {_space.Name} | ForEach-Object {{ \"{shown}\" }}").ThrowIfFailed().Strings;

    private IEnumerable<string?> Make() => Run($"New-MetalLBWebhookCert -Namespace {_space.Name} -KubeConfig '{_role.KubeConfig}' | ForEach-Object {{ \"$($_.Created) $($_.Trusting.Count)\" }}").ThrowIfFailed().Strings;

    private void SetBundle(string bundle) => _api.Send(
        HttpMethod.Patch, $"{Configurations}/{_space.Name}", $$"""{"webhooks":[{"name":"ipaddresspoolvalidationwebhook.metallb.io","clientConfig":{"caBundle":"{{bundle}}"} }]}""", "application/strategic-merge-patch+json");
}
