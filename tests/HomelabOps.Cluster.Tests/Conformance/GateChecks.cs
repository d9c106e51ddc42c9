namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Pods that wait with being placed until somebody lets them.</summary>
public abstract class GateChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Gates = """ "schedulingGates":[{"name":"example.org/one"},{"name":"example.org/two"}] """;
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private bool AreServed => Since(VersionDifference.SchedulingGates, true, false);

    [Fact]
    public void It_is_placed_when_the_last_one_is_gone()
    {
        var path = NewPod(NewName("p"), $$""" "containers":[{{Container("a", "sleep 100000")}}],"terminationGracePeriodSeconds":1,{{Gates}} """);
        var pod = Get(path).Ok();
        if (AreServed)
        {
            Assert.Equal(("PodScheduled", "False", "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates"), (pod["status.conditions[0].type"], pod["status.conditions[0].status"], pod["status.conditions[0].reason"], pod["status.conditions[0].message"]));
            Assert.Equal("SchedulingGated", (string?)Get(path, Table).Ok().At("rows")![0]!["cells"]![2]);
            Patch(path, """{"spec":{"schedulingGates":[{"name":"example.org/two"}]} }""").Ok();
            Thread.Sleep(TimeSpan.FromSeconds(1));
            Assert.Equal((null, "Pending"), (Get(path)["spec.nodeName"], Get(path)["status.phase"]));
            Patch(path, """{"spec":{"schedulingGates":null} }""").Ok();
        }
        else
        {
            Assert.Null(pod.At("spec.schedulingGates"));
        }

        Eventually(() => Get(path), found => found["status.phase"] == "Running");
    }

    [Fact]
    public void None_is_added_later()
    {
        var path = Held();
        var answer = Patch(path, """[{"op":"add","path":"/spec/schedulingGates","value":[{"name":"example.org/one"},{"name":"example.org/new"}]}]""", JsonPatch);
        if (AreServed)
        {
            Refused(answer, "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'example.org/new'");
        }
        else
        {
            Assert.Null(answer.Ok().At("spec.schedulingGates"));
        }
    }

    [Theory]
    [InlineData(""" "schedulingGates":[{"name":"a"},{"name":"a"}] """, "spec.schedulingGates[1]: Duplicate value: \"a\"")]
    [InlineData(""" "schedulingGates":[{"name":"a"}],"nodeName":"k3s-w1" """, "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    public void What_makes_no_sense_is_invalid(string spec, string why)
    {
        var answer = Post(Core + "/pods?dryRun=All", Pod(NewName("p"), spec));
        if (AreServed)
        {
            Refused(answer, why);
        }
        else
        {
            answer.Created();
        }
    }

    [Fact]
    public void Nobody_binds_it_meanwhile()
    {
        var path = Held();
        var name = path[(path.LastIndexOf('/') + 1)..];
        var answer = Post(path + "/binding", Object("v1", "Binding", name, """ "target":{"apiVersion":"v1","kind":"Node","name":"k3s-w1"} """));
        if (AreServed)
        {
            answer.Fails(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{name}\": pod {name} has non-empty .spec.schedulingGates");
        }
        else
        {
            answer.Created();
        }
    }

    [Fact]
    public void Its_nodes_can_be_narrowed_meanwhile()
    {
        var path = Held(""" ,"nodeSelector":{"a":"b"} """);
        var answer = Patch(path, """{"spec":{"nodeSelector":{"c":"d"} } }""");
        if (AreServed)
        {
            Assert.Equal(("b", "d"), (answer.Ok()["spec.nodeSelector.a"], answer["spec.nodeSelector.c"]));
        }
        else
        {
            answer.Invalid(("spec", "FieldValueForbidden"));
        }

        Patch(path, """{"spec":{"nodeSelector":{"a":null} } }""").Fails(422, "Invalid");
    }

    private string Held(string rest = "") => NewPod(NewName("p"), $$""" "schedulerName":"nobody","containers":[{"name":"a","image":"a:1"}],"schedulingGates":[{"name":"example.org/one"}]{{rest}} """);
}

/// <inheritdoc/>
public sealed class SandboxGate(HomelabUnderTest server) : GateChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabGate(LabUnderTest server) : GateChecks(server), IClassFixture<LabUnderTest>;
