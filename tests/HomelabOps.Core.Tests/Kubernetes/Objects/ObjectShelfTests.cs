using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Kubernetes.Objects;

public sealed class ObjectShelfTests
{
    private const string Discovery = """
        {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":{},"versions":[{"version":"v1","resources":[
        {"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["get","list"]},{"resource":"secrets","responseKind":{"kind":"Secret"},"scope":"Namespaced","verbs":["get","list"]}]}]}]}
        """;

    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_few_are_read_one_by_one_and_many_as_a_list()
    {
        await using var server = new FakeApiServer(AnswerAsync);
        using var client = server.Client();
        var shelf = new ObjectShelf(client, _ => false);
        Assert.NotNull((await shelf.FindAsync(Pod("a"), Stop)).Json);
        Assert.Null((await shelf.FindAsync(Pod("gone"), Stop)).Json);
        Assert.Equal(["/api/v1/namespaces/media/pods/a", "/api/v1/namespaces/media/pods/gone"], Reads(server));

        await shelf.LoadAsync(FakeCluster.Names(0, 1000).Select(name => Pod(name)), Stop);
        Assert.Equal("/api/v1/namespaces/media/pods", Assert.Single(Reads(server).Skip(2)));
        Assert.All(FakeCluster.Names(0, 1000), name => Assert.Equal("v1", (string?)shelf.Of(Pod(name)).Json!["apiVersion"]));

        // What is here already costs nothing.
        await shelf.LoadAsync(FakeCluster.Names(0, 1000).Select(name => Pod(name)), Stop);
        Assert.Equal(3, Reads(server).Count);
    }

    [Fact]
    public async Task Several_namespaces_are_one_list_unless_only_some_may_be_read()
    {
        await using var server = new FakeApiServer(AnswerAsync);
        using var client = server.Client();
        var shelf = new ObjectShelf(client, _ => false);
        await shelf.LoadAsync([.. FakeCluster.Names(0, 5).Select(name => Pod(name)), Pod("x", "secret")], Stop);
        Assert.Equal(["/api/v1/pods", "/api/v1/namespaces/media/pods", "/api/v1/namespaces/secret/pods"], Reads(server));
        Assert.NotNull(shelf.Of(Pod("pod-0001")).Json);
        Assert.Equal("AccessDenied", shelf.Of(Pod("x", "secret")).Failure!.Id);
        Assert.Equal("pods", Assert.Single(shelf.Denied).Plural);
    }

    [Fact]
    public async Task Where_the_metadata_is_enough_no_more_is_asked_for()
    {
        await using var server = new FakeApiServer(AnswerAsync);
        using var client = server.Client();
        var shelf = new ObjectShelf(client, type => type.Kind == "Secret");
        await shelf.FindAsync(new("", "Secret", "media", "a"), Stop);
        await shelf.LoadAsync(FakeCluster.Names(0, 9).Select(name => new ObjectKey("", "Secret", "media", name)), Stop);
        Assert.All(server.Requests.Where(request => request.Path.Contains("secrets", StringComparison.Ordinal)), request =>
            Assert.Contains("as=PartialObjectMetadata", request.Header("Accept"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kind_that_nobody_serves_has_no_type()
    {
        await using var server = new FakeApiServer(AnswerAsync);
        using var client = server.Client();
        Assert.Equal(new(null, null, null), await new ObjectShelf(client, _ => false).FindAsync(new("example.org", "Thing", "media", "a"), Stop));
    }

    private static ObjectKey Pod(string name, string space = "media") => new("", "Pod", space, name);

    private static List<string> Reads(FakeApiServer server) => [.. server.Requests.Select(request => request.Path).Where(path => path.StartsWith("/api/v1/", StringComparison.Ordinal))];

    private static Task AnswerAsync(FakeRequest request, FakeReply reply) => request.Path switch
    {
        "/api" => reply.SendAsync(Discovery, type: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"),
        "/apis" => reply.SendAsync("""{"kind":"APIGroupDiscoveryList","items":[]}""", type: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"),
        "/api/v1/pods" or "/api/v1/namespaces/secret/pods" => reply.FailAsync(403, "Forbidden", "no"),
        "/api/v1/namespaces/media/pods" => reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 1000))),
        "/api/v1/namespaces/media/secrets" => reply.SendAsync(FakeCluster.List(FakeCluster.Items(0, 9))),
        var path when path.EndsWith("/a", StringComparison.Ordinal) => reply.SendAsync(FakeCluster.Item("a")),
        _ => reply.FailAsync(404, "NotFound", "not found"),
    };
}
