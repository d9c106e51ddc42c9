using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Pods;

public sealed class PodReaderTests
{
    [Theory]
    [InlineData("media", "", 200, "pods")]
    [InlineData("Media", "", 200, "pods")]
    [InlineData("empty", "", 200, "pods namespaces/empty")]
    [InlineData("nowhere", "NamespaceNotFound", 404, "pods namespaces/nowhere")]
    [InlineData("secret", "", 403, "pods namespaces/secret")]
    [InlineData("no*", "", 404, "pods")]
    public async Task A_namespace_is_looked_up_only_when_nothing_was_found_in_it(string @namespace, string errors, int status, string requests)
    {
        await using var server = Server(status);

        Assert.Equal(errors, await ErrorsAsync(server, new PodQuery { Objects = new() { Namespaces = [@namespace] } }));
        Assert.Equal(requests, Asked(server));
    }

    [Theory]
    [InlineData("worker", "", 200, "pods")]
    [InlineData("idle", "", 200, "pods nodes/idle")]
    [InlineData("gone", "NodeNotFound", 404, "pods nodes/gone")]
    [InlineData("hidden", "", 403, "pods nodes/hidden")]
    public async Task A_node_is_looked_up_only_when_it_has_no_pods(string node, string errors, int status, string requests)
    {
        await using var server = Server(status);

        Assert.Equal(errors, await ErrorsAsync(server, new PodQuery { Nodes = [node] }));
        Assert.Equal(requests, Asked(server));
    }

    [Fact]
    public async Task An_application_that_is_healthy_or_on_another_node_exists()
    {
        await using var server = Server(200);

        Assert.Equal("", await ErrorsAsync(server, new PodQuery { Apps = ["plex"], Unhealthy = true }));
        Assert.Equal("", await ErrorsAsync(server, new PodQuery { Apps = ["plex"], Nodes = ["idle"] }));
        Assert.Equal("AppNotFound", await ErrorsAsync(server, new PodQuery { Apps = ["plex", "sonarr"] }));
    }

    // One pod of the application plex on the node worker, whatever the selectors say; the answer is the same for every single object.
    private static FakeApiServer Server(int status) => new((request, reply) => request.Path.Trim('/').Split('/') switch
    {
        ["api", "v1", "pods"] or ["api", "v1", "namespaces", "media", "pods"] => reply.SendAsync(FakeCluster.List(
        [
            """{"metadata":{"name":"plex-0","namespace":"media","labels":{"app":"plex"}},"spec":{"nodeName":"worker"},"status":{"phase":"Succeeded"}}""",
        ])),
        ["api", "v1", "namespaces", _, "pods"] => reply.SendAsync(FakeCluster.List([])),
        _ when status == 200 => reply.SendAsync("""{"metadata":{"name":"x"}}"""),
        _ => reply.FailAsync(status, "no", "no"),
    });

    private static string Asked(FakeApiServer server) => string.Join(' ', server.Requests.Select(request => request.Path.Split('/')).Select(parts => parts[^1] == "pods" ? "pods" : $"{parts[^2]}/{parts[^1]}"));

    private static async Task<string> ErrorsAsync(FakeApiServer server, PodQuery query)
    {
        using var client = server.Client();
        var ids = new List<string>();
        await foreach (var item in PodReader.ReadAsync(client, query, default))
        {
            if (item.Notice is FailureNotice failure)
            {
                ids.Add(failure.Error.Id);
            }
        }

        return string.Join(' ', ids);
    }
}
