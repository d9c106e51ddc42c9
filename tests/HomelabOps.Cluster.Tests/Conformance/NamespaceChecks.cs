using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Namespaces from beginning to end, and events in them.</summary>
public abstract class NamespaceChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void A_namespace_begins_active()
    {
        var name = NewName("ns");
        var answer = Post("/api/v1/namespaces", Object("v1", "Namespace", name)).Created();
        Server.DeleteLater($"/api/v1/namespaces/{name}");
        Assert.Equal(("Active", """["kubernetes"]"""), (answer["status.phase"], answer["spec.finalizers"]));
        Assert.Equal(Since(VersionDifference.NamespaceLabel, name, null), (string?)answer.At("metadata.labels")?["kubernetes.io/metadata.name"]);
    }

    [Theory]
    [InlineData("serviceaccounts/default")]
    [InlineData("configmaps/kube-root-ca.crt")]
    public void A_namespace_gets_what_pods_need(string path)
    {
        var @namespace = Server.NewNamespace();
        Eventually(() => Get($"/api/v1/namespaces/{@namespace}/{path}"), answer => answer.Status == 200);
    }

    [Fact]
    public void A_namespace_that_goes_takes_everything_with_it()
    {
        var @namespace = Server.NewNamespace();
        Post($"/api/v1/namespaces/{@namespace}/configmaps", ConfigMap("x")).Created();
        Post($"/api/v1/namespaces/{@namespace}/secrets", Object("v1", "Secret", "x")).Created();
        var answer = Delete($"/api/v1/namespaces/{@namespace}").Ok();
        Assert.Equal(("Namespace", "Terminating"), (answer["kind"], answer["status.phase"]));
        Eventually(() => Get($"/api/v1/namespaces/{@namespace}"), item => item.Status == 404);
        Get($"/api/v1/namespaces/{@namespace}/configmaps/x").Fails(404, "NotFound");
    }

    [Fact]
    public void A_namespace_that_goes_takes_nothing_new()
    {
        var @namespace = Server.NewNamespace();
        var path = $"/api/v1/namespaces/{@namespace}/configmaps";
        Post(path, ConfigMap("held", """ "finalizers":["example.org/x"] """)).Created();
        Delete($"/api/v1/namespaces/{@namespace}").Ok();
        var answer = Eventually(() => Post(path, ConfigMap(NewName())), item => item.Status != 201).Fails(403, "Forbidden");
        Assert.Matches($"^configmaps \"c-.*\" is forbidden: unable to create new content in namespace {@namespace} because it is being terminated$", answer["message"]);
        Assert.Equal(("NamespaceTerminating", $"namespace {@namespace} is being terminated", "metadata.namespace"), (answer["details.causes[0].reason"], answer["details.causes[0].message"], answer["details.causes[0].field"]));

        // What is there can still be changed, and what holds the namespace goes in the end.
        Patch(path + "/held", """{"metadata":{"labels":{"a":"b"} } }""").Ok();
        Patch(path + "/held", """{"metadata":{"finalizers":null} }""").Ok();
        Eventually(() => Get($"/api/v1/namespaces/{@namespace}"), item => item.Status == 404);
    }

    [Fact]
    public void A_namespace_that_goes_tells_what_holds_it()
    {
        var @namespace = Server.NewNamespace();
        var path = $"/api/v1/namespaces/{@namespace}";
        Post(path + "/configmaps", ConfigMap("a", """ "finalizers":["example.org/x"] """)).Created();
        Post(path + "/configmaps", ConfigMap("b", """ "finalizers":["example.org/y","example.org/x"] """)).Created();
        Post(path + "/secrets", Object("v1", "Secret", "c", metadata: """ "finalizers":["example.org/x"] """)).Created();
        using var watch = Watch("/api/v1/namespaces", $"fieldSelector=metadata.name%3D{@namespace}");
        Delete(path).Ok();
        Assert.Equal(
            [
                "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered",
                "NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed",
                "NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization",
                "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances, secrets. has 1 resource instances",
                "NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.org/x in 3 resource instances, example.org/y in 1 resource instances",
            ],
            Conditions(Eventually(() => Get(path), answer => Conditions(answer.Json).Any(condition => condition.Contains("example.org/x in 3", StringComparison.Ordinal))).Json));

        foreach (var held in (string[])["/configmaps/a", "/configmaps/b", "/secrets/c"])
        {
            Patch(path + held, """{"metadata":{"finalizers":null} }""").Ok();
        }

        Eventually(() => Get(path), answer => answer.Status == 404);
        var last = watch.Next()!.Value;
        while (last.Type != "DELETED")
        {
            last = watch.Next()!.Value;
        }

        Assert.Equal(
            ["NamespaceContentRemaining=False ContentRemoved: All content successfully removed", "NamespaceFinalizersRemaining=False ContentHasNoFinalizers: All content-preserving finalizers finished"],
            Conditions(last.Object)[3..]);
    }

    [Fact]
    public void A_second_deletion_is_a_conflict()
    {
        var @namespace = Server.NewNamespace();
        var path = $"/api/v1/namespaces/{@namespace}";
        Post(path + "/configmaps", ConfigMap("held", """ "finalizers":["example.org/x"] """)).Created();
        Delete(path).Ok();
        var answer = Delete(path);
        Assert.True(answer.Status is 200 or 409, answer.Text);
        Patch(path + "/configmaps/held", """{"metadata":{"finalizers":null} }""").Ok();
    }

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    public void Some_namespaces_stay(string name)
    {
        var answer = Delete($"/api/v1/namespaces/{name}?dryRun=All").Fails(403, "Forbidden");
        Assert.Equal($"namespaces \"{name}\" is forbidden: this namespace may not be deleted", answer["message"]);
    }

    [Fact]
    public void A_cluster_has_its_namespaces()
    {
        var names = Get("/api/v1/namespaces").Ok().Names();
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            Assert.Contains(name, names);
        }
    }

    [Theory]
    [InlineData("configmaps/kube-root-ca.crt")]
    [InlineData("serviceaccounts/default")]
    public void What_each_namespace_has_comes_back_when_it_is_deleted(string what)
    {
        var name = NewName("ns");
        Post("/api/v1/namespaces", Object("v1", "Namespace", name)).Created();
        Server.DeleteLater("/api/v1/namespaces/" + name);
        var path = $"/api/v1/namespaces/{name}/{what}";
        var uid = Eventually(() => Get(path), answer => answer.Status == 200)["metadata.uid"];
        Delete(path).Ok();
        Eventually(() => Get(path), answer => answer.Status == 200 && answer["metadata.uid"] != uid);
    }

    [Fact]
    public void Namespaces_are_not_deleted_together() => Delete("/api/v1/namespaces").Fails(405, "MethodNotAllowed");

    [Fact]
    public void The_phase_of_a_namespace_is_a_field()
    {
        Assert.Contains(Server.Namespace, Get("/api/v1/namespaces?fieldSelector=status.phase%3DActive").Ok().Names());
        Assert.DoesNotContain(Server.Namespace, Get("/api/v1/namespaces?fieldSelector=status.phase%3DTerminating").Ok().Names());
    }

    [Fact]
    public void An_event_is_found_by_what_it_is_about()
    {
        var about = NewName("p");
        NewEvent(about, Server.Namespace).Created();
        var answer = Get($"{Core}/events?fieldSelector=involvedObject.name%3D{about},involvedObject.kind%3DPod,reason%3DTested,type%3DNormal").Ok();
        Assert.Equal("hello", answer["items[0].message"]);
        Assert.Empty(Get($"{Core}/events?fieldSelector=involvedObject.name%3D{about},type%3DWarning").Ok().Names());
    }

    [Fact]
    public void An_event_of_another_namespace_is_invalid() => NewEvent(NewName("p"), "elsewhere").Invalid(("involvedObject.namespace", "FieldValueInvalid"));

    [Fact]
    public void An_event_is_shown_in_both_groups()
    {
        var about = NewName("p");
        var name = NewEvent(about, Server.Namespace).Created()["metadata.name"];
        var answer = Get($"/apis/events.k8s.io/v1/namespaces/{Server.Namespace}/events/{name}").Ok();
        Assert.Equal(("events.k8s.io/v1", about, "hello", "Tested", "2"), (answer["apiVersion"], answer["regarding.name"], answer["note"], answer["reason"], answer["deprecatedCount"]));
    }

    private static string[] Conditions(JsonObject item) =>
        [.. (item["status"]?["conditions"] as JsonArray ?? []).Select(condition => $"{condition!["type"]}={condition["status"]} {condition["reason"]}: {condition["message"]}")];

    private ApiAnswer NewEvent(string about, string @namespace) => Post(Core + "/events", Object(
        "v1",
        "Event",
        NewName("e"),
        $$""" "involvedObject":{"apiVersion":"v1","kind":"Pod","name":"{{about}}","namespace":"{{@namespace}}"},"reason":"Tested","message":"hello","type":"Normal","count":2,"source":{"component":"test"},"firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:01Z" """));
}

/// <inheritdoc/>
public sealed class SandboxNamespaces(SandboxUnderTest server) : NamespaceChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabNamespaces(LabUnderTest server) : NamespaceChecks(server), IClassFixture<LabUnderTest>;
