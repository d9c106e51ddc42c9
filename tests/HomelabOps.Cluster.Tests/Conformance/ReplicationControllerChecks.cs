namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What made pods before there were ReplicaSets, and still does.</summary>
public abstract class ReplicationControllerChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private string Controllers => Core + "/replicationcontrollers";

    [Fact]
    public void It_keeps_as_many_pods_as_it_asks_for()
    {
        var name = NewName("rc");
        var path = $"{Controllers}/{name}";
        var created = Post(Controllers, Controller(name, Template(name))).Created();
        Assert.Equal((name, name), (created["spec.selector.app"], created["metadata.labels.app"]));
        Eventually(() => Get(path), found => (found["status.replicas"], found["status.fullyLabeledReplicas"], found["status.readyReplicas"], found["status.availableReplicas"]) == ("2", "2", "2", "2"));
        var pods = PodsOf(name);
        Assert.Equal(("ReplicationController", "v1", name, "true"), (pods["items[0].metadata.ownerReferences[0].kind"], pods["items[0].metadata.ownerReferences[0].apiVersion"], pods["items[0].metadata.ownerReferences[0].name"], pods["items[0].metadata.ownerReferences[0].controller"]));

        Delete($"{Core}/pods/{pods.Names()[0]}").Ok();
        Eventually(() => PodsOf(name), found => found.Names().Length == 2 && !found.Names().Contains(pods.Names()[0], StringComparer.Ordinal));
        Assert.Equal($"app={name}", Get(path + "/scale").Ok()["status.selector"]);
        Patch(path + "/scale", """{"spec":{"replicas":1} }""").Ok();
        Eventually(() => PodsOf(name), found => found.Names().Length == 1);
        Eventually(() => Get(path), found => found["status.readyReplicas"] == "1");
        Delete(path, """{"propagationPolicy":"Background"}""").Ok();
        Eventually(() => PodsOf(name), found => found.Names().Length == 0);
    }

    [Fact]
    public void It_takes_what_fits_it_and_lets_go_of_what_fits_no_longer()
    {
        var name = NewName("rc");
        var pod = NewRunning(name, $$""" "containers":[{{Container("a", "sleep 100000")}}] """);
        Post(Controllers, Controller(name, Template(name))).Created();
        Eventually(() => Get(pod), found => found["metadata.ownerReferences[0].kind"] == "ReplicationController");
        Eventually(() => PodsOf(name), found => found.Names().Length == 2);
        Patch(pod, """{"metadata":{"labels":{"app":"other"} } }""").Ok();
        Eventually(() => Get(pod), found => found.At("metadata.ownerReferences") is null);
        Eventually(() => PodsOf(name), found => found.Names().Length == 2);
        Delete($"{Controllers}/{name}", """{"propagationPolicy":"Background"}""").Ok();
    }

    [Theory]
    [InlineData(""" "template":{"spec":{"containers":[{"name":"a","image":"a:1"}]} } """, "spec.selector: Required value")]
    [InlineData(""" "selector":{"app":"x"} """, "spec.template: Required value")]
    [InlineData(""" "selector":{"app":"x"},"template":{"metadata":{"labels":{"app":"y"} },"spec":{"containers":[{"name":"a","image":"a:1"}]} } """, "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"y\"}: `selector` does not match template `labels`")]
    [InlineData(""" "template":{"metadata":{"labels":{"app":"y"} },"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]} } """, "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"")]
    public void What_makes_no_sense_is_invalid(string spec, string why) => Refused(Post(Controllers + "?dryRun=All", Controller(NewName("rc"), spec)), why);

    private static string Controller(string name, string spec) => Object("v1", "ReplicationController", name, $$""" "spec":{"replicas":2,{{spec}} } """);

    private static string Template(string name) => $$""" "template":{"metadata":{"labels":{"app":"{{name}}"} },"spec":{"terminationGracePeriodSeconds":1,"containers":[{{Container("a", "sleep 100000")}}]} } """;

    // Those that are being deleted do not count.
    private ApiAnswer PodsOf(string name)
    {
        var answer = Get($"{Core}/pods?labelSelector=app%3D{name}").Ok();
        foreach (var ending in answer.At("items")!.AsArray().Where(pod => pod!["metadata"]!["deletionTimestamp"] is not null).ToList())
        {
            answer.At("items")!.AsArray().Remove(ending);
        }

        return answer;
    }
}

/// <inheritdoc/>
public sealed class SandboxReplicationController(HomelabUnderTest server) : ReplicationControllerChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabReplicationController(LabUnderTest server) : ReplicationControllerChecks(server), IClassFixture<LabUnderTest>;
