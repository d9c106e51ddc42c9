using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What the server says of itself.</summary>
public abstract class DiscoveryChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string All = "create,delete,deletecollection,get,list,patch,update,watch";

    [Fact]
    public void The_core_group_is_known_by_its_versions()
    {
        var answer = Get("/api").Ok();
        Assert.Equal(("APIVersions", """["v1"]""", "0.0.0.0/0"), (answer["kind"], answer["versions"], answer["serverAddressByClientCIDRs[0].clientCIDR"]));
        Assert.NotEmpty(answer["serverAddressByClientCIDRs[0].serverAddress"]!);
    }

    [Fact]
    public void Groups_are_listed_with_the_version_that_is_preferred()
    {
        var answer = Get("/apis").Ok();
        Assert.Equal(("APIGroupList", "v1"), (answer["kind"], answer["apiVersion"]));
        var group = answer.Json["groups"]!.AsArray().Single(item => (string)item!["name"]! == "apps");
        Assert.Equal("""{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}""", Sorted(group!.AsObject(), "name", "versions", "preferredVersion"));
    }

    [Fact]
    public void A_group_can_be_asked_for_alone()
    {
        var answer = Get("/apis/apps").Ok();
        Assert.Equal(("APIGroup", "v1", "apps", "apps/v1"), (answer["kind"], answer["apiVersion"], answer["name"], answer["preferredVersion.groupVersion"]));
    }

    [Theory]
    [InlineData("/api/v1", "pods", "Pod", true, "po", "all", All)]
    [InlineData("/api/v1", "configmaps", "ConfigMap", true, "cm", null, All)]
    [InlineData("/api/v1", "secrets", "Secret", true, null, null, All)]
    [InlineData("/api/v1", "namespaces", "Namespace", false, "ns", null, "create,delete,get,list,patch,update,watch")]
    [InlineData("/api/v1", "nodes", "Node", false, "no", null, All)]
    [InlineData("/api/v1", "persistentvolumes", "PersistentVolume", false, "pv", null, All)]
    [InlineData("/api/v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, "pvc", null, All)]
    [InlineData("/api/v1", "serviceaccounts", "ServiceAccount", true, "sa", null, All)]
    [InlineData("/api/v1", "events", "Event", true, "ev", null, All)]
    [InlineData("/api/v1", "bindings", "Binding", true, null, null, "create")]
    [InlineData("/apis/apps/v1", "deployments", "Deployment", true, "deploy", "all", All)]
    [InlineData("/apis/apps/v1", "statefulsets", "StatefulSet", true, "sts", "all", All)]
    [InlineData("/apis/batch/v1", "jobs", "Job", true, null, "all", All)]
    [InlineData("/apis/networking.k8s.io/v1", "ingresses", "Ingress", true, "ing", null, All)]
    [InlineData("/apis/storage.k8s.io/v1", "storageclasses", "StorageClass", false, "sc", null, All)]
    [InlineData("/apis/rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", false, null, null, All)]
    [InlineData("/apis/authorization.k8s.io/v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false, null, null, "create")]
    [InlineData("/apis/coordination.k8s.io/v1", "leases", "Lease", true, null, null, All)]
    [InlineData("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions", "CustomResourceDefinition", false, "crd,crds", null, All)]
    public void A_resource_is_described(string path, string name, string kind, bool namespaced, string? shortNames, string? categories, string verbs)
    {
        var entry = Resource(path, name);
        Assert.Equal((kind, namespaced), ((string?)entry["kind"], (bool)entry["namespaced"]!));
        Assert.Equal((shortNames, verbs), (Texts(entry["shortNames"]), string.Join(',', Texts(entry["verbs"])!.Split(',').Order(StringComparer.Ordinal))));
        if (categories is not null)
        {
            Assert.Equal(categories, Texts(entry["categories"]));
        }

        // Custom kinds, and those of the server for them, have always had it.
        var singular = name == "customresourcedefinitions" ? (string)entry["singularName"]! : Since(VersionDifference.SingularNames, kind.ToLowerInvariant(), "");
        Assert.Equal(singular, (string?)entry["singularName"]);
    }

    [Theory]
    [InlineData("/apis/apps/v1", "deployments/scale", "autoscaling", "v1", "Scale", "get,patch,update")]
    [InlineData("/apis/apps/v1", "deployments/status", null, null, "Deployment", "get,patch,update")]
    [InlineData("/api/v1", "pods/log", null, null, "Pod", "get")]
    [InlineData("/api/v1", "pods/exec", null, null, "PodExecOptions", "create,get")]
    [InlineData("/api/v1", "pods/portforward", null, null, "PodPortForwardOptions", "create,get")]
    [InlineData("/api/v1", "pods/binding", null, null, "Binding", "create")]
    [InlineData("/api/v1", "namespaces/finalize", null, null, "Namespace", "update")]
    [InlineData("/api/v1", "serviceaccounts/token", "authentication.k8s.io", "v1", "TokenRequest", "create")]
    [InlineData("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions/status", null, null, "CustomResourceDefinition", "get,patch,update")]
    public void A_subresource_is_described(string path, string name, string? group, string? version, string kind, string verbs)
    {
        var entry = Resource(path, name);
        Assert.Equal((group, version, kind, "", verbs), ((string?)entry["group"], (string?)entry["version"], (string?)entry["kind"], (string?)entry["singularName"], Texts(entry["verbs"])));
    }

    [Fact]
    public void The_version_is_told()
    {
        var answer = Get("/version").Ok();
        Assert.Equal("1", answer["major"]);
        Assert.StartsWith($"v1.{Server.Minor}.", answer["gitVersion"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public void Health_is_a_word(string path)
    {
        var answer = Get(path).Ok();
        Assert.Equal(("ok", "text/plain; charset=utf-8"), (answer.Text, answer.Headers["Content-Type"]));
    }

    [Fact]
    public void Health_can_be_told_in_detail()
    {
        var answer = Get("/readyz?verbose").Ok();
        Assert.Contains("[+]ping ok\n", answer.Text, StringComparison.Ordinal);
        Assert.EndsWith("readyz check passed\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/apis/no.such.group")]
    [InlineData("/apis/no.such.group/v1")]
    [InlineData("/apis/no.such.group/v1/namespaces/default/things/x")]
    public void A_group_that_is_not_served_is_not_found(string path)
    {
        var answer = Get(path).Expect(404);
        Assert.Equal("404 page not found\n", answer.Text);
        Assert.StartsWith("text/plain", answer.Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/api/v1/nothings")]
    [InlineData("/api/v1/namespaces/default/nothings")]
    [InlineData("/apis/apps/v9")]
    [InlineData("/apis/apps/v1/pods")]
    [InlineData("/apis/apps/v1/namespaces/default/deployments/x/nothing")]
    public void What_a_group_does_not_have_is_not_found(string path) =>
        Assert.Equal("{}", Get(path).Fails(404, "NotFound", "the server could not find the requested resource")["details"]);

    [Fact]
    public void The_root_lists_the_paths()
    {
        var paths = Get("/").Ok().Json["paths"]!.AsArray().Select(path => (string)path!).ToArray();
        foreach (var path in (string[])["/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/healthz", "/version"])
        {
            Assert.Contains(path, paths);
        }
    }

    [Fact]
    public void All_of_discovery_comes_at_once_where_it_is_known()
    {
        var answer = Get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json").Ok();
        Assert.Equal(Since(VersionDifference.AggregatedDiscovery, "APIGroupDiscoveryList", "APIGroupList"), answer["kind"]);
    }

    [Fact]
    public void Schemas_are_served_where_they_are_known() =>
        Assert.Equal(Since(VersionDifference.OpenApiV3, 200, 404), Get("/openapi/v3").Status);

    private JsonObject Resource(string path, string name)
    {
        var answer = Get(path).Ok();
        Assert.Equal(("APIResourceList", path[(path.IndexOf('/', 1) + 1)..]), (answer["kind"], answer["groupVersion"]));
        return answer.Json["resources"]!.AsArray().Single(item => (string)item!["name"]! == name)!.AsObject();
    }

    private static string? Texts(JsonNode? list) => list is JsonArray items ? string.Join(',', items.Select(item => (string?)item)) : null;

    private static string Sorted(JsonObject node, params string[] names) =>
        new JsonObject(names.Select(name => KeyValuePair.Create(name, node[name]?.DeepClone()))).ToJsonString();
}

/// <inheritdoc/>
public sealed class SandboxDiscovery(SandboxUnderTest server) : DiscoveryChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabDiscovery(LabUnderTest server) : DiscoveryChecks(server), IClassFixture<LabUnderTest>;
