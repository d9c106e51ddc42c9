namespace HomelabOps.Cluster.Tests;

/// <summary>Objects of Flux that cannot be reconciled, and users who may not see all of it, on a real API server.</summary>
[Collection(nameof(Alone))]
public sealed class FluxBadInputTests : ClusterTest
{
    private readonly LabNamespace _lab = new();
    private readonly TemporaryFolder _state = new();

    public FluxBadInputTests() => Environment.SetEnvironmentVariable("HOMELABOPS_STATE", _state.Path);

    [Theory]
    [InlineData("notification.toolkit.fluxcd.io", "v1beta3", "providers", "Provider", "\"type\":\"slack\"")]
    [InlineData("notification.toolkit.fluxcd.io", "v1beta3", "alerts", "Alert", "\"providerRef\":{\"name\":\"x\"},\"eventSources\":[{\"kind\":\"Kustomization\",\"name\":\"*\"}]")]
    [InlineData("source.toolkit.fluxcd.io", "v1", "helmrepositories", "HelmRepository", "\"type\":\"oci\",\"url\":\"oci://example.org/charts\"")]
    public void What_has_no_controller_is_refused(string group, string version, string plural, string kind, string spec)
    {
        _lab.Send(HttpMethod.Post, $"/apis/{group}/{version}/namespaces/{_lab.Name}/{plural}", $$"""{"apiVersion":"{{group}}/{{version}}","kind":"{{kind}}","metadata":{"name":"one"},"spec":{ {{spec}} } }""");
        Assert.Equal(["FluxStatic"], Run($"Invoke-FluxReconcile {kind}/{_lab.Name}/one").ErrorIds);
        Assert.Equal(kind == "HelmRepository" ? [] : ["FluxStatic"], Run($"Suspend-FluxResource {kind}/{_lab.Name}/one").ErrorIds);
    }

    [Fact]
    public void A_source_that_may_not_be_read_is_told_and_the_object_is_asked_all_the_same()
    {
        _lab.AddKustomization("apps");
        _lab.Send(HttpMethod.Post, $"/apis/rbac.authorization.k8s.io/v1/namespaces/{_lab.Name}/roles", """{"metadata":{"name":"some"},"rules":[{"apiGroups":["kustomize.toolkit.fluxcd.io"],"resources":["kustomizations"],"verbs":["get","list","watch","patch"]}]}""");
        _lab.Send(HttpMethod.Post, $"/apis/rbac.authorization.k8s.io/v1/namespaces/{_lab.Name}/rolebindings", """{"metadata":{"name":"some"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"some"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"reader"}]}""");

        var result = Run($"Invoke-FluxReconcile Kustomization/{_lab.Name}/apps -WithSource -NoWait -KubeConfig $file", ("file", Lab.Variant("restricted")));
        Assert.Equal("apps", result.Output.Single().Properties["Name"].Value);
        Assert.Contains("GitRepository/flux-system/flux-system", Assert.Single(result.Warnings), StringComparison.Ordinal);

        // And which kinds could not be looked at.
        Assert.Equal(["AccessDenied"], result.ErrorIds);
        Assert.NotEmpty(Run($"(Get-HomelabObject Kustomization/{_lab.Name}/apps).metadata.annotations.'reconcile.fluxcd.io/requestedAt'").ThrowIfFailed().Strings.Single()!);
    }

    protected override void Dispose(bool disposing)
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        _lab.Dispose();
        _state.Dispose();
        base.Dispose(disposing);
    }
}
