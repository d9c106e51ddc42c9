namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>How important pods are, and which others make place for them.</summary>
public abstract class PriorityChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    private const string Worker = """ "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"role","operator":"In","values":["primary","backup"]}]}]} } } """;
    private static int _port = 31400;

    private string Budgets => $"/apis/policy/{Since(VersionDifference.StableSchedules, "v1", "v1beta1")}/namespaces/{Server.Namespace}/poddisruptionbudgets";

    [Theory]
    [InlineData("system-node-critical", "2000001000")]
    [InlineData("system-cluster-critical", "2000000000")]
    public void What_holds_the_cluster_together_has_a_class(string name, string value) => Assert.Equal(value, Get($"{Classes}/{name}").Ok()["value"]);

    [Fact]
    public void A_pod_has_the_priority_and_the_policy_of_its_class()
    {
        var name = NewClass(70, """ ,"preemptionPolicy":"Never" """);
        var pod = Post(Core + "/pods?dryRun=All", Pod(NewName("p"), $$""" "priorityClassName":"{{name}}" """)).Created();
        Assert.Equal(("70", "Never"), (pod["spec.priority"], pod["spec.preemptionPolicy"]));
    }

    [Theory]
    [InlineData(""" "priority":7 """, "the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name")]
    [InlineData(""" "preemptionPolicy":"Never" """, "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name")]
    [InlineData(""" "priorityClassName":"system-node-critical","priority":7 """, "the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 2000001000 from the given PriorityClass name")]
    public void A_pod_does_not_say_its_priority_itself(string spec, string why)
    {
        var name = NewName("p");
        Post(Core + "/pods?dryRun=All", Pod(name, spec)).Fails(403, "Forbidden", $"pods \"{name}\" is forbidden: {why}");
    }

    [Fact]
    public void Names_of_the_system_are_its_own()
    {
        var name = NewName("system");
        Refused(Post(Classes + "?dryRun=All", Object("scheduling.k8s.io/v1", "PriorityClass", name, """ "value":1 """)), $"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: {name} is not a known system priority class");
    }

    [Fact]
    public void Who_is_less_important_makes_place()
    {
        var (port, high) = (NewPort(), NewClass(1000));
        var (more, less) = (Placed(port, $$""" "priorityClassName":"{{NewClass(5)}}" """), Placed(port, $$""" "priorityClassName":"{{NewClass(3)}}" """));
        var node = Get(less)["spec.nodeName"];
        var path = New(port, $$""" "priorityClassName":"{{high}}" """);
        Assert.Equal(node, Eventually(() => Get(path), found => found["status.nominatedNodeName"] is not null)["status.nominatedNodeName"]);
        var pod = Running(path);
        Assert.Equal(node, pod["spec.nodeName"]);
        Get(less).Fails(404, "NotFound");
        Assert.Equal("Running", Get(more)["status.phase"]);
        var who = Since(VersionDifference.PreemptorByUid, $"pod {pod["metadata.uid"]}", $"{Server.Namespace}/{pod["metadata.name"]}");
        var events = Eventually(() => Get($"{Core}/events?fieldSelector=involvedObject.name%3D{less[(less.LastIndexOf('/') + 1)..]},reason%3DPreempted"), found => found.At("items")!.AsArray().Count > 0);
        Assert.Equal(("Normal", $"Preempted by {who} on node {node}"), (events["items[0].type"], events["items[0].message"]));
        Free(path, more);
    }

    [Fact]
    public void Who_has_a_budget_stays_if_another_can_go()
    {
        var (port, name) = (NewPort(), NewName("guarded"));
        var guarded = Placed(port, "", $$""" "app":"{{name}}" """);
        Post(Budgets, Object(Since(VersionDifference.StableSchedules, "policy/v1", "policy/v1beta1"), "PodDisruptionBudget", name, $$""" "spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"{{name}}"} } } """)).Created();
        Eventually(() => Get($"{Budgets}/{name}"), budget => budget["status.currentHealthy"] == "1" && budget["status.disruptionsAllowed"] == "0");
        var other = Placed(port);
        var path = New(port, $$""" "priorityClassName":"{{NewClass(1000)}}" """);
        Running(path);
        Get(other).Fails(404, "NotFound");
        Assert.Equal("Running", Get(guarded)["status.phase"]);
        Free(path, guarded);
    }

    [Fact]
    public void Nobody_makes_place_for_who_does_not_want_that()
    {
        var port = NewPort();
        var (one, two) = (Placed(port), Placed(port));
        var path = New(port, $$""" "priorityClassName":"{{NewClass(1000, """ ,"preemptionPolicy":"Never" """)}}" """);
        var pod = Eventually(() => Get(path), found => found["status.conditions[0].reason"] == "Unschedulable");
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal((null, "Running", "Running"), (pod["status.nominatedNodeName"], Get(one)["status.phase"], Get(two)["status.phase"]));
        if (Since(VersionDifference.PreemptionTold, true, false))
        {
            Assert.EndsWith(" preemption: not eligible due to preemptionPolicy=Never.", pod["status.conditions[0].message"], StringComparison.Ordinal);
        }

        Free(path, one, two);
    }

    // Both nodes that run applications have a port once, so that the third pod that wants it finds none.
    private static int NewPort() => Interlocked.Increment(ref _port);

    private string New(int port, string spec, string labels = "") =>
        NewPod(NewName("p"), $$""" "terminationGracePeriodSeconds":3,{{Worker}},"containers":[{{Container("a", "sleep 100000", $$""" ,"ports":[{"containerPort":80,"hostPort":{{port}} }] """)}}]{{(spec.Length > 0 ? "," + spec : "")}} """, labels);

    private string Placed(int port, string spec = "", string labels = "")
    {
        var path = New(port, spec, labels);
        Running(path);
        return path;
    }

    private ApiAnswer Running(string path) => Eventually(() => Get(path), found => found["status.phase"] == "Running");

    private void Free(params string[] paths)
    {
        foreach (var path in paths)
        {
            Delete(path).Ok();
        }
    }

    private string NewClass(int value, string rest = "")
    {
        var name = NewName("class");
        Post(Classes, Object("scheduling.k8s.io/v1", "PriorityClass", name, $$""" "value":{{value}}{{rest}} """)).Created();
        Server.DeleteLater($"{Classes}/{name}");
        return name;
    }
}

/// <inheritdoc/>
public sealed class SandboxPriority(HomelabUnderTest server) : PriorityChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabPriority(LabUnderTest server) : PriorityChecks(server), IClassFixture<LabUnderTest>;
