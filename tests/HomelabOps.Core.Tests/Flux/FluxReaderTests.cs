using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Tests.Discovery;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxReaderTests
{
    private const string Ks = "kustomize.toolkit.fluxcd.io";

    [Fact]
    public async Task A_kind_that_was_installed_after_the_last_look_is_found()
    {
        await using var play = new DiscoveryPlay("v2");
        play.Groups[Ks] = [("v1", ["Kustomization"])];
        using var client = play.Server.Client();
        play.Lists["kustomizations"] = FakeCluster.CustomList([Object("apps")]);
        Assert.Equal(["Kustomization/media/apps"], await ReadAsync(client, new FluxQuery { Kinds = ["Kustomization"] }));

        play.Groups["image.toolkit.fluxcd.io"] = [("v1", ["ImageRepository"])];
        play.Lists["imagerepositorys"] = FakeCluster.CustomList([Object("web")]);
        Assert.Equal(["ImageRepository/media/web"], await ReadAsync(client, new FluxQuery { Kinds = ["ImageRepository"] }));

        var error = await Assert.ThrowsAsync<HomelabException>(() => ReadAsync(client, new FluxQuery { Kinds = ["HelmThing"] }));
        Assert.Equal(("FluxKindUnknown", "HelmThing"), (error.Id, error.Target));
        Assert.Contains("Kustomization, ImageRepository", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_was_installed_after_the_last_look_is_found_by_the_cmdlet_that_is_about_it()
    {
        await using var play = new DiscoveryPlay("v2");
        play.Groups[Ks] = [("v1", ["Kustomization"])];
        using var client = play.Server.Client();
        Assert.Empty(await ReadAsync(client, new FluxQuery { Within = [FluxKind.HelmRelease] }));

        play.Groups["helm.toolkit.fluxcd.io"] = [("v2", ["HelmRelease"])];
        play.Lists["kustomizations"] = FakeCluster.CustomList([]);
        play.Lists["helmreleases"] = FakeCluster.CustomList([Object("sonarr")]);

        Assert.Equal(["HelmRelease/media/sonarr"], await ReadAsync(client, new FluxQuery { Within = [FluxKind.HelmRelease] }));
    }

    [Fact]
    public async Task On_the_way_to_an_application_only_kinds_are_read_that_content_flows_through()
    {
        await using var play = new DiscoveryPlay("v2");
        play.Groups[Ks] = [("v1", ["Kustomization"])];
        play.Groups["image.toolkit.fluxcd.io"] = [("v1", ["ImageRepository"])];
        using var client = play.Server.Client();
        play.Lists["kustomizations"] = FakeCluster.CustomList([Object("apps")]);
        play.Lists["imagerepositorys"] = FakeCluster.CustomList([Object("web")]);

        var found = await FluxTargets.FindAsync(client, [new(new ResourceReference(client.Name, "Kustomization", "media", "apps"))], [], [], default);
        Assert.Equal(("apps", "Kustomization"), (Assert.Single(found.Targets).Name, Assert.Single(found.All).Kind));

        // A name that was typed may mean any kind.
        Assert.Equal(2, (await FluxTargets.FindAsync(client, [new("apps")], [], [], default)).All.Count);
    }

    [Fact]
    public async Task A_name_of_a_kind_that_is_not_asked_for_is_a_failure_beside_the_others()
    {
        await using var play = new DiscoveryPlay("v2");
        play.Groups[Ks] = [("v1", ["Kustomization"])];
        play.Groups["helm.toolkit.fluxcd.io"] = [("v2", ["HelmRelease"])];
        using var client = play.Server.Client();
        play.Lists["kustomizations"] = FakeCluster.CustomList([Object("apps")]);
        play.Lists["helmreleases"] = FakeCluster.CustomList([Object("apps")]);

        var failures = new List<HomelabException>();
        var query = new FluxQuery { Within = [FluxKind.Kustomization], Objects = new ObjectQuery { Names = [new("kustomization/apps"), new("HelmRelease/apps"), new("Pod/media/web")] } };
        var found = new List<string>();
        await foreach (var item in FluxReader.ReadAsync(client, query, default))
        {
            failures.AddRange(item.Notice is FailureNotice failure ? [failure.Error] : []);
            found.AddRange(item.Value is { } resource ? [resource.ToString()] : []);
        }

        Assert.Equal(["Kustomization/media/apps"], found);
        Assert.Equal([("FluxKindUnknown", "HelmRelease"), ("FluxKindUnknown", "Pod")], failures.Select(failure => (failure.Id, (string)failure.Target!)));
        Assert.All(failures, failure => Assert.EndsWith(": Kustomization.", failure.Message, StringComparison.Ordinal));

        // That none is left does not mean all.
        Assert.Equal(["FluxKindUnknown"], await ReadAsync(client, query with { Objects = new ObjectQuery { Names = [new("HelmRelease/apps")] } }));
    }

    [Fact]
    public async Task A_cluster_without_Flux_is_told_apart_from_one_without_objects()
    {
        await using var play = new DiscoveryPlay("legacy");
        play.Groups.Clear();
        using var client = play.Server.Client();
        Assert.Equal("FluxNotInstalled", (await Assert.ThrowsAsync<HomelabException>(() => ReadAsync(client, new FluxQuery()))).Id);

        play.Groups[Ks] = [("v1", ["Kustomization"])];
        play.Lists["kustomizations"] = FakeCluster.CustomList([]);
        Assert.Empty(await ReadAsync(client, new FluxQuery()));
    }

    [Fact]
    public async Task A_kind_that_may_not_be_read_is_a_failure_beside_the_others()
    {
        await using var play = new DiscoveryPlay("v2");
        play.Groups.Clear();
        play.Groups[Ks] = [("v1", ["Kustomization"])];
        play.Groups["helm.toolkit.fluxcd.io"] = [("v2", ["HelmRelease"])];
        play.Lists["kustomizations"] = FakeCluster.CustomList([Object("apps")]);
        play.Lists["helmreleases"] = "forbidden";
        using var client = play.Server.Client();

        Assert.Equal(["AccessDenied", "Kustomization/media/apps"], await ReadAsync(client, new FluxQuery()));
        Assert.Equal(["Kustomization/media/apps", "FluxResourceNotFound"], await ReadAsync(client, new FluxQuery { Kinds = ["Kust*"], Objects = new() { Names = [new("apps"), new("gone")] } }));
    }

    private static string Object(string name) => $$$"""{"metadata":{"name":"{{{name}}}","namespace":"media"}}""";

    private static async Task<List<string>> ReadAsync(ClusterClient client, FluxQuery query)
    {
        var texts = new List<string>();
        await foreach (var item in FluxReader.ReadAsync(client, query, default))
        {
            texts.Add(item.Notice is FailureNotice failure ? failure.Error.Id : item.Value!.ToString());
        }

        return texts;
    }
}
