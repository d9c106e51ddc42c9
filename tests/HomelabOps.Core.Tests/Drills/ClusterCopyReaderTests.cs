using System.Text;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Drills;

public sealed class ClusterCopyReaderTests
{
    private const string Resources = """
        {"kind":"APIResourceList","groupVersion":"v1","resources":[
          {"name":"nodes","kind":"Node","namespaced":false,"verbs":["create","list"]},
          {"name":"componentstatuses","kind":"ComponentStatus","namespaced":false,"verbs":["get","list"]},
          {"name":"events","kind":"Event","namespaced":true,"verbs":["create","list"]},
          {"name":"configmaps","kind":"ConfigMap","namespaced":true,"verbs":["create","list"]},
          {"name":"services","kind":"Service","namespaced":true,"verbs":["create","list"]},
          {"name":"endpoints","kind":"Endpoints","namespaced":true,"verbs":["create","list"]},
          {"name":"pods","kind":"Pod","namespaced":true,"verbs":["create","list"]},
          {"name":"secrets","kind":"Secret","namespaced":true,"verbs":["create","list"]}]}
        """;

    private const string Secrets = """
        {"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"continue":"CONTINUE"},"columnDefinitions":[{"name":"Name"},{"name":"Type"},{"name":"Data"}],"rows":[
          {"cells":["NAME","TYPE",COUNT],"object":{"kind":"PartialObjectMetadata","metadata":{"name":"NAME","namespace":"media","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"c2VjcmV0","meta.helm.sh/release-name":"yes","objectset.rio.cattle.io/applied":"H4sI"},
            "managedFields":[{"manager":"kubectl","fieldsV1":{"f:data":{".":{},"f:user":{},"f:.dockerconfigjson":{}},"f:type":{}}},{"manager":"flux","fieldsV1":{"f:data":{"f:user":{}}}}]}}}]}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_are_asked_for_as_a_table_and_have_other_values()
    {
        await using var server = Server();
        using var client = server.Client();
        var copy = await ClusterCopyReader.ReadAsync(client, Stop);
        var (first, second) = (copy.Of("", "Secret").First(), copy.Of("", "Secret").Last());
        Assert.Equal(["a", "b"], copy.Of("", "Secret").Select(secret => (string?)secret["metadata"]!["name"]));
        Assert.Equal("""{"meta.helm.sh/release-name":"yes"}""", first["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal([".dockerconfigjson", "user"], first["data"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(SecretStandIn.Of("media", "a", "user"), Encoding.UTF8.GetString(Convert.FromBase64String((string)first["data"]!["user"]!)));
        Assert.NotEqual((string?)first["data"]!["user"], (string?)second["data"]!["user"]);
        Assert.Equal(["media/b"], copy.UnknownKeys);
        Assert.Matches("^[a-z0-9-]{1,63}$", SecretStandIn.Of("media", "a", "user"));
        Assert.Equal("""{"auths":{}}""", SecretStandIn.Of("media", "a", ".dockerconfigjson"));

        var asked = server.Requests.Where(request => request.Path.EndsWith("/secrets", StringComparison.Ordinal)).ToList();
        Assert.Equal([null, "more", "last"], asked.Select(request => request.Query("continue")));
        Assert.All(asked, request => Assert.Equal(("application/json;as=Table;g=meta.k8s.io;v=v1", "Metadata"), (request.Header("Accept")!.Replace(" ", "", StringComparison.Ordinal), request.Query("includeObject"))));
    }

    [Fact]
    public async Task What_may_not_be_listed_is_told_and_the_rest_is_read()
    {
        await using var server = Server();
        using var client = server.Client();
        var copy = await ClusterCopyReader.ReadAsync(client, Stop);
        var unread = Assert.Single(copy.Unread);
        Assert.Equal("AccessDenied", unread.Id);
        Assert.Contains("configmaps", unread.Message, StringComparison.Ordinal);
        Assert.Equal(["Endpoints", "Node", "Pod", "Secret", "Service"], copy.Kinds.Select(kind => kind.Type.Kind).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(server.Requests, request => request.Path.EndsWith("/events", StringComparison.Ordinal) || request.Path.EndsWith("/componentstatuses", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_nodes_there_is_no_copy()
    {
        await using var server = Server("/api/v1/nodes");
        using var client = server.Client();
        Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<HomelabException>(() => ClusterCopyReader.ReadAsync(client, Stop))).Id);
    }

    [Fact]
    public async Task What_controllers_make_of_the_rest_is_left_out()
    {
        await using var server = Server();
        using var client = server.Client();
        var copy = await ClusterCopyReader.ReadAsync(client, Stop);
        Assert.Equal(["bare"], copy.Of("", "Pod").Select(pod => (string?)pod["metadata"]!["name"]));
        Assert.Equal(["outside"], copy.Of("", "Endpoints").Select(item => (string?)item["metadata"]!["name"]));
    }

    private static FakeApiServer Server(string refused = "/api/v1/configmaps") => new((request, reply) => request.Path switch
    {
        _ when request.Path == refused => reply.FailAsync(403, "Forbidden", "no"),
        "/api" => reply.SendAsync("""{"kind":"APIVersions","versions":["v1"]}"""),
        "/apis" => reply.SendAsync("""{"kind":"APIGroupList","groups":[]}"""),
        "/api/v1" => reply.SendAsync(Resources),
        "/api/v1/secrets" => reply.SendAsync(Table(request.Query("continue"))),
        "/api/v1/services" => List(reply, """{"metadata":{"name":"sonarr","namespace":"media"},"spec":{"selector":{"app":"sonarr"}}}""", """{"metadata":{"name":"outside","namespace":"media"},"spec":{}}"""),
        "/api/v1/endpoints" => List(reply, """{"metadata":{"name":"sonarr","namespace":"media"}}""", """{"metadata":{"name":"outside","namespace":"media"}}"""),
        "/api/v1/pods" => List(
            reply,
            """{"metadata":{"name":"bare","namespace":"media"}}""",
            """{"metadata":{"name":"gone","namespace":"media","deletionTimestamp":"2026-01-01T00:00:00Z"}}""",
            """{"metadata":{"name":"static","namespace":"kube-system","annotations":{"kubernetes.io/config.mirror":"x"}}}""",
            """{"metadata":{"name":"sonarr-1","namespace":"media","ownerReferences":[{"kind":"ReplicaSet","controller":true,"uid":"u"}]}}"""),
        _ => List(reply),
    });

    // The last page has what nobody copies.
    private static string Table(string? page)
    {
        var (name, type, next) = page switch { null => ("a", "Opaque", "more"), "more" => ("b", "Opaque", "last"), _ => ("sh.helm.release.v1.b.v1", "helm.sh/release.v1", "") };
        return Secrets.Replace("CONTINUE", next, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal).Replace("TYPE", type, StringComparison.Ordinal).Replace("COUNT", name == "b" ? "3" : "2", StringComparison.Ordinal);
    }

    private static Task List(FakeReply reply, params string[] items) => reply.SendAsync(FakeCluster.List(items));
}
