using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Watches: what they tell, in which order, and how they end.</summary>
public abstract class WatchChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void A_watch_tells_creation_change_and_deletion()
    {
        var name = NewName();
        using var watch = WatchFrom(Now(), $"fieldSelector=metadata.name%3D{name}");
        Post(ConfigMaps, ConfigMap(name)).Created();
        Patch($"{ConfigMaps}/{name}", """{"data":{"a":"2"} }""").Ok();
        Delete($"{ConfigMaps}/{name}").Ok();
        var added = watch.Expect("ADDED", name);
        Assert.Equal(("ConfigMap", "v1", "1"), (Text(added, "kind"), Text(added, "apiVersion"), Text(added, "data.a")));
        Assert.Equal("2", Text(watch.Expect("MODIFIED", name), "data.a"));
        var deleted = watch.Expect("DELETED", name);
        Assert.Equal("2", Text(deleted, "data.a"));
        Assert.True(Revision(deleted) > Revision(added));
    }

    [Theory]
    [InlineData("")]
    [InlineData("resourceVersion=0")]
    public void A_watch_from_nowhere_begins_with_what_is_there(string query)
    {
        var label = NewName("w");
        var names = new[] { NewName(), NewName() }.Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names)
        {
            Post(ConfigMaps, Labelled(name, label)).Created();
        }

        // What is read with revision 0 may be a little old.
        Eventually(() => Get($"{ConfigMaps}?resourceVersion=0&labelSelector=w%3D{label}"), list => list.Names().Length == 2);
        using var watch = Watch(ConfigMaps, $"labelSelector=w%3D{label}&{query}");
        Assert.Equal(names, new[] { Text(watch.Expect("ADDED"), "metadata.name"), Text(watch.Expect("ADDED"), "metadata.name") }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_watch_of_an_old_revision_tells_what_happened_since()
    {
        var name = NewName();
        var before = Now();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Patch($"{ConfigMaps}/{name}", """{"data":{"a":"2"} }""").Ok();
        using var watch = WatchFrom(before, $"fieldSelector=metadata.name%3D{name}");
        watch.Expect("ADDED", name);
        watch.Expect("MODIFIED", name);
    }

    [Fact]
    public void An_object_comes_into_and_leaves_a_selection()
    {
        var (name, label) = (NewName(), NewName("w"));
        Post(ConfigMaps, ConfigMap(name)).Created();
        using var watch = WatchFrom(Now(), $"labelSelector=w%3D{label}");
        Patch($"{ConfigMaps}/{name}", $$"""{"metadata":{"labels":{"w":"{{label}}" } } }""").Ok();
        Patch($"{ConfigMaps}/{name}", """{"data":{"a":"2"} }""").Ok();
        var last = Patch($"{ConfigMaps}/{name}", """{"metadata":{"labels":{"w":null} },"data":{"a":"3"} }""").Ok();
        watch.Expect("ADDED", name);
        Assert.Equal("2", Text(watch.Expect("MODIFIED", name), "data.a"));
        var left = watch.Expect("DELETED", name);

        // As it was when it was last selected, at the revision at which it left.
        Assert.Equal(("2", label, last["metadata.resourceVersion"]), (Text(left, "data.a"), Text(left, "metadata.labels.w"), Text(left, "metadata.resourceVersion")));
    }

    [Fact]
    public void A_watch_of_a_namespace_tells_nothing_of_others()
    {
        var other = Server.NewNamespace();
        var label = NewName("w");
        using var watch = WatchFrom(Now(), $"labelSelector=w%3D{label}");
        Post($"/api/v1/namespaces/{other}/configmaps", Labelled("x", label)).Created();
        Post(ConfigMaps, Labelled("here", label)).Created();
        watch.Expect("ADDED", "here");
    }

    [Fact]
    public void A_watch_over_all_namespaces_tells_of_each()
    {
        var other = Server.NewNamespace();
        var label = NewName("w");
        using var watch = Watch("/api/v1/configmaps", $"resourceVersion={Now()}&labelSelector=w%3D{label}");
        Post($"/api/v1/namespaces/{other}/configmaps", Labelled("x1", label)).Created();
        Post(ConfigMaps, Labelled("x2", label)).Created();
        Assert.Equal(other, Text(watch.Expect("ADDED", "x1"), "metadata.namespace"));
        Assert.Equal(Server.Namespace, Text(watch.Expect("ADDED", "x2"), "metadata.namespace"));
    }

    [Fact]
    public void One_object_is_not_watched_by_its_path()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Assert.Equal(("ConfigMap", name), (Get($"{ConfigMaps}/{name}?watch=true").Ok()["kind"], Get($"{ConfigMaps}/{name}?watch=true")["metadata.name"]));
    }

    [Fact]
    public void Changes_come_in_the_order_of_their_revisions()
    {
        var label = NewName("w");
        using var watch = WatchFrom(Now(), $"labelSelector=w%3D{label}");
        for (var number = 0; number < 20; number++)
        {
            Post(ConfigMaps, Labelled(NewName(), label)).Created();
        }

        var revisions = Enumerable.Range(0, 20).Select(_ => Revision(watch.Expect("ADDED"))).ToArray();
        Assert.Equal(revisions.Order(), revisions);
    }

    [Fact]
    public void A_change_that_is_none_is_not_told()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        using var watch = WatchFrom(Now(), $"fieldSelector=metadata.name%3D{name}");
        Patch($"{ConfigMaps}/{name}", """{"data":{"a":"1"} }""").Ok();
        Delete($"{ConfigMaps}/{name}").Ok();
        watch.Expect("DELETED", name);
    }

    [Fact]
    public void A_watch_ends_after_its_time()
    {
        using var watch = WatchFrom(Now(), "timeoutSeconds=1&fieldSelector=metadata.name%3Dnothing");
        Assert.Equal(200, watch.Status);
        Assert.Null(watch.Next());
    }

    [Fact]
    public void A_bookmark_comes_before_the_end()
    {
        var start = Now();
        using var watch = WatchFrom(start, "timeoutSeconds=6&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dnothing");

        // A bookmark tells of revisions that have passed unseen.
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        var bookmark = watch.Expect("BOOKMARK");
        Assert.Equal(("ConfigMap", "v1"), (Text(bookmark, "kind"), Text(bookmark, "apiVersion")));
        Assert.Null(Text(bookmark, "metadata.name"));
        Assert.True(Revision(bookmark) > long.Parse(start, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_watch_of_a_forgotten_revision_is_told_so()
    {
        // The server keeps recent changes of all kinds but events in its memory, where nothing is forgotten for a while.
        var (events, name) = ($"{Core}/events", NewName());
        Post(events, Object("v1", "Event", name, $$""" "involvedObject":{"kind":"Pod","name":"{{name}}","namespace":"{{Server.Namespace}}"} """)).Created();
        Server.ForgetRevisions(events);
        using var watch = Watch(events, "resourceVersion=1");
        var (code, reason, message) = watch.Status == 200
            ? Read(watch.Expect("ERROR"))
            : (watch.Status, "Expired", "");
        Assert.Equal((410, "Expired"), (code, reason));
        Assert.Matches("^(too old resource version: 1 \\([0-9]+\\)|The resourceVersion for the provided watch is too old.|)$", message);
        Assert.Null(watch.Status == 200 ? watch.Next() : null);
    }

    [Fact]
    public void Metadata_can_be_watched_alone()
    {
        var name = NewName();
        using var watch = Watch(ConfigMaps, $"resourceVersion={Now()}&fieldSelector=metadata.name%3D{name}", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        Post(ConfigMaps, ConfigMap(name)).Created();
        var added = watch.Expect("ADDED", name);
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", null), (Text(added, "kind"), Text(added, "apiVersion"), Text(added, "data")));
    }

    [Fact]
    public void Tables_name_their_columns_only_once()
    {
        var name = NewName();
        using var watch = Watch(ConfigMaps, $"resourceVersion={Now()}&fieldSelector=metadata.name%3D{name}", "application/json;as=Table;g=meta.k8s.io;v=v1");
        Post(ConfigMaps, ConfigMap(name)).Created();
        Patch($"{ConfigMaps}/{name}", """{"data":{"b":"2"} }""").Ok();
        var (first, second) = (watch.Expect("ADDED"), watch.Expect("MODIFIED"));
        Assert.Equal(("Table", "meta.k8s.io/v1", "Name"), (Text(first, "kind"), Text(first, "apiVersion"), Text(first, "columnDefinitions[0].name")));
        Assert.Equal((name, "2"), (Text(second, "rows[0].cells[0]"), Text(second, "rows[0].cells[1]")));
        Assert.Null(Text(second, "columnDefinitions[0]"));
    }

    private static (int Code, string Reason, string Message) Read(JsonObject status)
    {
        Assert.Equal(("Status", "Failure"), (Text(status, "kind"), Text(status, "status")));
        return (int.Parse(Text(status, "code")!, CultureInfo.InvariantCulture), Text(status, "reason")!, Text(status, "message")!);
    }

    private static string? Text(JsonObject node, string path) => JsonPlace.Text(node, path);

    private static long Revision(JsonObject node) => long.Parse(Text(node, "metadata.resourceVersion")!, CultureInfo.InvariantCulture);

    private static string Labelled(string name, string label) => ConfigMap(name, $$""" "labels":{"w":"{{label}}"} """);

    private string Now() => Get(ConfigMaps + "?limit=1").Ok()["metadata.resourceVersion"]!;

    private ApiWatch WatchFrom(string revision, string query) => Watch(ConfigMaps, $"resourceVersion={revision}&{query}");
}

/// <inheritdoc/>
public sealed class SandboxWatch(SandboxUnderTest server) : WatchChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabWatch(LabUnderTest server) : WatchChecks(server), IClassFixture<LabUnderTest>;
