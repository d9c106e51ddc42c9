namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>The history of StatefulSets and DaemonSets, which their controllers write.</summary>
public abstract class RolloutHistoryChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string HashLabel = "controller-revision-hash";

    [Fact]
    public void A_StatefulSet_remembers_its_templates_and_is_undone_by_them()
    {
        var (name, path) = (NewName("s"), Apps + "/statefulsets/");
        Post(Apps + "/statefulsets", Object("apps/v1", "StatefulSet", name, $$""" "spec":{"serviceName":"x",{{Spec(name)}} } """, """ "annotations":{"kubernetes.io/change-cause":"first"} """)).Created();
        var first = RolledOut(1);
        var revision = Revisions(name).Single();
        Assert.Equal((first, "1", "first"), (revision["metadata.name"], revision["revision"], (string?)revision.At("metadata.annotations")!["kubernetes.io/change-cause"]));
        Assert.Equal(("StatefulSet", name, "true"), (revision["metadata.ownerReferences[0].kind"], revision["metadata.ownerReferences[0].name"], revision["metadata.ownerReferences[0].controller"]));
        Assert.Equal((name, $"{name}-{revision.At("metadata.labels")!["controller.kubernetes.io/hash"]}"), (revision["metadata.labels.app"], first));
        Assert.Equal(("replace", "one"), (revision["data.spec.template.$patch"], revision["data.spec.template.spec.containers[0].env[0].value"]));
        Assert.Equal(first, Get($"{Core}/pods/{name}-0").Ok()[$"metadata.labels.{HashLabel}"]);

        Patch(path + name, Template("two"), StrategicPatch).Ok();
        var second = RolledOut(2);
        Assert.Equal([(first, "1"), (second, "2")], Revisions(name).Select(item => (item["metadata.name"], item["revision"])));

        // As kubectl undoes: the template comes again, and its revision gets the next number.
        Patch(path + name, revision.At("data")!.ToJsonString(), StrategicPatch).Ok();
        Assert.Equal(first, RolledOut(3));
        Assert.Equal([(second, "2"), (first, "3")], Revisions(name).Select(item => (item["metadata.name"], item["revision"])));
        Assert.Equal((first, "one"), (Get($"{Core}/pods/{name}-0").Ok()[$"metadata.labels.{HashLabel}"], Get($"{Core}/pods/{name}-0").Ok()["spec.containers[0].env[0].value"]));

        string? RolledOut(int generation) => Eventually(
            () => Get(path + name),
            set => set["status.observedGeneration"] == $"{generation}" && set["status.updateRevision"] == set["status.currentRevision"] && set["status.updatedReplicas"] == "1" && set["status.readyReplicas"] == "1")["status.updateRevision"];
    }

    [Fact]
    public void A_DaemonSet_remembers_its_templates_and_is_undone_by_them()
    {
        var (name, path) = (NewName("d"), Apps + "/daemonsets/");
        Post(Apps + "/daemonsets", Object("apps/v1", "DaemonSet", name, $$""" "spec":{ {{Spec(name)}} } """)).Created();
        RolledOut(1);
        var first = Revisions(name).Single();
        var hash = first[$"metadata.labels.{HashLabel}"];
        Assert.Equal(($"{name}-{hash}", "1", "DaemonSet"), (first["metadata.name"], first["revision"], first["metadata.ownerReferences[0].kind"]));
        Patch(path + name, Template("two"), StrategicPatch).Ok();
        RolledOut(2);
        Assert.Equal(["1", "2"], Revisions(name).Select(item => item["revision"]));
        Patch(path + name, first.At("data")!.ToJsonString(), StrategicPatch).Ok();
        RolledOut(3);
        Assert.Equal("3", Revisions(name).Single(item => item["metadata.name"] == first["metadata.name"])["revision"]);
        var pod = Eventually(() => Get($"{Core}/pods?labelSelector=app={name}"), pods => pods["items[0].metadata.name"] is not null && pods["items[1].metadata.name"] is null);
        Assert.Equal((hash, "one"), (pod[$"items[0].metadata.labels.{HashLabel}"], pod["items[0].spec.containers[0].env[0].value"]));

        void RolledOut(int generation) => Eventually(
            () => Get(path + name),
            set => set["status.observedGeneration"] == $"{generation}" && set["status.desiredNumberScheduled"] == "1" && set["status.updatedNumberScheduled"] == "1" && set["status.numberAvailable"] == "1");
    }

    [Fact]
    public void The_data_of_a_revision_stays()
    {
        var name = NewName("r");
        Post(Apps + "/controllerrevisions", Object("apps/v1", "ControllerRevision", name, """ "revision":1,"data":{"a":1} """)).Created();
        Assert.Equal("2", Patch($"{Apps}/controllerrevisions/{name}", """{"revision":2}""").Ok()["revision"]);
        var answer = Patch($"{Apps}/controllerrevisions/{name}", """{"data":{"a":2} }""").Fails(422, "Invalid");
        Assert.EndsWith("field is immutable", answer["details.causes[0].message"], StringComparison.Ordinal);
        Assert.Equal("data", answer["details.causes[0].field"]);
        Refused(Patch($"{Apps}/controllerrevisions/{name}", """{"revision":-1}"""), "revision: Invalid value: -1: must be greater than or equal to 0");
    }

    private static string Spec(string name) => $$"""
        "selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"terminationGracePeriodSeconds":1,"nodeSelector":{"kubernetes.io/hostname":"k3s-w1"},
        "containers":[{{Container("main", "sleep 100000", """ ,"env":[{"name":"WHICH","value":"one"}] """)}}]} }
        """;

    private static string Template(string which) => $$"""{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"WHICH","value":"{{which}}"}]}]} } } }""";

    // In the order of their numbers.
    private List<ApiAnswer> Revisions(string app) => [.. Get($"{Apps}/controllerrevisions?labelSelector=app={app}").Ok().At("items")!.AsArray()
        .Select(item => new ApiAnswer("", 200, new Dictionary<string, string>(), item!.ToJsonString())).OrderBy(item => item["revision"], StringComparer.Ordinal)];
}

/// <inheritdoc/>
public sealed class SandboxRolloutHistory(HomelabUnderTest server) : RolloutHistoryChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabRolloutHistory(LabUnderTest server) : RolloutHistoryChecks(server), IClassFixture<LabUnderTest>;
