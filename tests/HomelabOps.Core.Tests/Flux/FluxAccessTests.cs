using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Flux;

/// <summary>Users who may not read all of Flux.</summary>
public sealed class FluxAccessTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_read_nothing_is_told_once_and_shortly(bool watch)
    {
        await using var server = Server(mayRead: _ => false);

        var error = Assert.IsType<HomelabException>(await FirstAsync(server, new FluxQuery(), watch));

        Assert.Equal("AccessDenied", error.Id);
        Assert.Contains("list *.source.toolkit.fluxcd.io, kustomizations.kustomize.toolkit.fluxcd.io in the cluster", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_asked_for_one_namespace_is_told_which(bool watch)
    {
        await using var server = Server(mayRead: _ => false);

        var error = Assert.IsType<HomelabException>(await FirstAsync(server, new FluxQuery { Kinds = ["Git*"], Objects = new() { Namespaces = ["media"] } }, watch));

        Assert.Contains("list gitrepositories.source.toolkit.fluxcd.io in the namespace 'media'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_may_be_read_is_given_beside_what_may_not(bool watch)
    {
        await using var server = Server(mayRead: path => path.EndsWith("kustomizations", StringComparison.Ordinal));

        var (error, record) = await FirstTwoAsync(server, new FluxQuery(), watch);

        Assert.Contains("list *.source.toolkit.fluxcd.io in", Assert.IsType<HomelabException>(error).Message, StringComparison.Ordinal);

        // Its source cannot be seen, which does not mean that it is not there.
        Assert.Empty(Assert.IsType<FluxKustomization>(record).BlockedBy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_read_one_namespace_reads_it_by_naming_it(bool watch)
    {
        await using var server = Server(mayRead: path => path.Contains("/namespaces/media/", StringComparison.Ordinal));

        var record = Assert.IsType<FluxKustomization>(await FirstAsync(server, new FluxQuery { Kinds = ["Kustomization"], Objects = new() { Namespaces = ["media"] } }, watch));

        Assert.Equal("Kustomization/media/apps", record.ToString());
        Assert.Empty(record.BlockedBy);
    }

    private static async Task<object?> FirstAsync(FakeApiServer server, FluxQuery query, bool watch) => (await TakeAsync(server, query, watch, 1).Soon())[0];

    private static async Task<(object? First, object? Second)> FirstTwoAsync(FakeApiServer server, FluxQuery query, bool watch) =>
        await TakeAsync(server, query, watch, 2).Soon() is [var first, var second] ? (first, second) : default;

    private static async Task<List<object?>> TakeAsync(FakeApiServer server, FluxQuery query, bool watch, int count)
    {
        using var client = server.Client();
        using var stop = new CancellationTokenSource();
        var items = new List<object?>();
        await foreach (var item in watch ? FluxWatcher.WatchAsync(client, query, stop.Token) : FluxReader.ReadAsync(client, query, stop.Token))
        {
            items.Add(item.Notice is FailureNotice failure ? failure.Error : item.Value);
            if (items.Count == count)
            {
                break;
            }
        }

        await stop.CancelAsync();
        return items;
    }

    // One Kustomization that is not ready, and two kinds of sources of which there are none.
    private static FakeApiServer Server(Func<string, bool> mayRead) => new((request, reply) => request.Path.Trim('/').Split('/') switch
    {
        ["api"] => reply.SendAsync("""{"kind":"APIVersions","versions":["v1"]}"""),
        ["apis"] => reply.SendAsync("""{"kind":"APIGroupList","groups":[{"name":"source.toolkit.fluxcd.io","versions":[{"groupVersion":"source.toolkit.fluxcd.io/v1","version":"v1"}]},{"name":"kustomize.toolkit.fluxcd.io","versions":[{"groupVersion":"kustomize.toolkit.fluxcd.io/v1","version":"v1"}]}]}"""),
        ["apis", "source.toolkit.fluxcd.io", "v1"] => reply.SendAsync(Types(("gitrepositories", "GitRepository"), ("buckets", "Bucket"))),
        ["apis", "kustomize.toolkit.fluxcd.io", "v1"] => reply.SendAsync(Types(("kustomizations", "Kustomization"))),
        _ when !mayRead(request.Path) => reply.FailAsync(403, "Forbidden", "no"),
        _ when request.IsWatch => reply.StallAsync(),
        [.., "kustomizations"] => reply.SendAsync(FakeCluster.CustomList(
        [
            """{"metadata":{"name":"apps","namespace":"media","resourceVersion":"1"},"spec":{"sourceRef":{"kind":"GitRepository","name":"home"}},"status":{"conditions":[{"type":"Ready","status":"False"}]}}""",
        ])),
        _ => reply.SendAsync(FakeCluster.CustomList([])),
    });

    private static string Types(params (string Plural, string Kind)[] types) =>
        $$"""{"kind":"APIResourceList","resources":[{{string.Join(',', types.Select(type => $$"""{"name":"{{type.Plural}}","kind":"{{type.Kind}}","namespaced":true,"verbs":["list","watch"]}"""))}}]}""";
}
