namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Containers that are added to a pod while it runs.</summary>
public abstract class EphemeralContainerChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private string Path => Web + "/ephemeralcontainers";

    private bool IsServed => Since(VersionDifference.EphemeralContainers, true, false);

    [Fact]
    public void They_are_a_part_of_a_pod()
    {
        if (IsServed)
        {
            Assert.Equal("Pod", Get(Path).Ok()["kind"]);
        }
        else
        {
            Get(Path).Expect(404);
        }
    }

    [Fact]
    public void One_is_added_and_runs()
    {
        var name = NewName("look");
        var answer = Patch(Path, $$"""{"metadata":{"labels":{"more":"not"} },"spec":{"priority":7,"ephemeralContainers":[{{Container(name, "echo seen; sleep 100000", """ ,"targetContainerName":"web" """)}}]} }""", StrategicPatch);
        if (!IsServed)
        {
            answer.Expect(404);
            return;
        }

        Assert.Equal((null, "0"), (answer.Ok()["metadata.labels.more"], answer["spec.priority"]));
        var pod = Eventually(() => Get(Web), pod => pod.At("status.ephemeralContainerStatuses")?.AsArray().Any(status => (string?)status!["name"] == name && status["state"]!["running"] is not null) == true);
        Assert.Contains(pod.At("status.conditions")!.AsArray(), condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True");
        Assert.Equal("seen\n", Get($"{Web}/log?container={name}").Ok().Text);
    }

    [Theory]
    [InlineData(""" "name":"web","image":"a:1" """, "name: Duplicate value: \"web\"")]
    [InlineData(""" "name":"b","image":"" """, "image: Required value")]
    [InlineData(""" "name":"b","image":"a:1","targetContainerName":"none" """, "targetContainerName: Not found: \"none\"")]
    [InlineData(""" "name":"b","image":"a:1","ports":[{"containerPort":80}] """, "ports: Forbidden: cannot be set for an Ephemeral Container")]
    [InlineData(""" "name":"b","image":"a:1","resources":{"limits":{"cpu":"1"} } """, "resources: Forbidden: cannot be set for an Ephemeral Container")]
    [InlineData(""" "name":"b","image":"a:1","livenessProbe":{"tcpSocket":{"port":80} } """, "livenessProbe: Forbidden: cannot be set for an Ephemeral Container")]
    public void What_it_cannot_have_is_refused(string container, string reason)
    {
        var path = NewPod(NewName("p"), """ "schedulerName":"nobody","containers":[{"name":"web","image":"a:1"}] """);
        var answer = Patch(path + "/ephemeralcontainers", $$"""{"spec":{"ephemeralContainers":[{ {{container}} }]} }""", StrategicPatch);
        if (IsServed)
        {
            Refused(answer, "spec.ephemeralContainers[0]." + reason);
        }
        else
        {
            answer.Expect(404);
        }
    }

    [Fact]
    public void It_stays_and_does_not_change()
    {
        var path = NewPod(NewName("p"), """ "schedulerName":"nobody","containers":[{"name":"web","image":"a:1"}] """);
        var answer = Patch(path + "/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"look","image":"a:1"}]} }""", StrategicPatch);
        if (!IsServed)
        {
            answer.Expect(404);
            return;
        }

        answer.Ok();
        Refused(Patch(path + "/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"look","image":"a:2"}]} }""", StrategicPatch), "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"look\" may not be changed\n");
        Refused(Patch(path + "/ephemeralcontainers", """{"spec":{"ephemeralContainers":null} }"""), "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"look\" may not be removed\n");
        Patch(path, """{"spec":{"ephemeralContainers":null} }""").Fails(422, "Invalid");
    }

    [Fact]
    public void A_new_pod_has_none()
    {
        var answer = Post(Core + "/pods", Pod(NewName("p"), """ "ephemeralContainers":[{"name":"look","image":"a:1"}] """));
        if (IsServed)
        {
            Refused(answer, "spec.ephemeralContainers: Forbidden: cannot be set on create");
        }
        else
        {
            Assert.Null(answer.Created().At("spec.ephemeralContainers"));
        }
    }
}

/// <inheritdoc/>
public sealed class SandboxEphemeralContainer(HomelabUnderTest server) : EphemeralContainerChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabEphemeralContainer(LabUnderTest server) : EphemeralContainerChecks(server), IClassFixture<LabUnderTest>;
