namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Status, scale, eviction and binding.</summary>
public abstract class SubresourceChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void Create_takes_no_status()
    {
        var name = NewName("c");
        var answer = Post(Core + "/persistentvolumeclaims", Object("v1", "PersistentVolumeClaim", name, """ "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"none","resources":{"requests":{"storage":"1Gi"} } },"status":{"phase":"Bound"} """)).Created();
        Assert.Equal("Pending", answer["status.phase"]);
    }

    [Fact]
    public void An_update_takes_no_status()
    {
        var path = NewPod();
        Assert.Equal("Pending", Patch(path, """{"status":{"phase":"Running"} }""").Ok()["status.phase"]);
    }

    [Fact]
    public void The_status_takes_no_spec()
    {
        var path = NewPod();
        var answer = Patch(path + "/status", """{"spec":{"activeDeadlineSeconds":5},"status":{"message":"hello"} }""").Ok();
        Assert.Equal((null, "hello"), (answer["spec.activeDeadlineSeconds"], answer["status.message"]));
    }

    [Fact]
    public void The_status_can_be_read_alone()
    {
        var path = NewPod();
        Assert.Equal("Pod", Get(path + "/status").Ok()["kind"]);
    }

    [Fact]
    public void Conditions_of_a_status_are_patched_by_type()
    {
        var path = NewPod();
        Patch(path + "/status", """{"status":{"conditions":[{"type":"example.org/a","status":"True"}]} }""", StrategicPatch).Ok();
        var answer = Patch(path + "/status", """{"status":{"conditions":[{"type":"example.org/b","status":"False"},{"type":"example.org/a","status":"Unknown"}]} }""", StrategicPatch).Ok();
        var conditions = answer.At("status.conditions")!.AsArray().Select(item => $"{item!["type"]}={item["status"]}").Where(item => item.StartsWith("example.org", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(["example.org/a=Unknown", "example.org/b=False"], conditions);
    }

    [Fact]
    public void A_kind_without_status_has_no_such_path()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Get($"{ConfigMaps}/{name}/status").Expect(404);
    }

    [Fact]
    public void Scale_shows_the_replicas()
    {
        var name = NewName("d");
        var created = Post(Apps + "/deployments", Deployment(name)).Created();
        var answer = Get($"{Apps}/deployments/{name}/scale").Ok();
        Assert.Equal(("Scale", "autoscaling/v1", name, Server.Namespace), (answer["kind"], answer["apiVersion"], answer["metadata.name"], answer["metadata.namespace"]));
        Assert.Equal((created["metadata.uid"], "app=x", "0"), (answer["metadata.uid"], answer["status.selector"], answer["status.replicas"]));
        Assert.Null(answer["spec.replicas"]);
    }

    [Fact]
    public void Scale_changes_the_replicas()
    {
        // None of its pods finds a node.
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name, pod: """ "nodeSelector":{"no":"where"} """)).Created();
        Assert.Equal("2", Patch($"{Apps}/deployments/{name}/scale", """{"spec":{"replicas":2} }""").Ok()["spec.replicas"]);
        var deployment = Get($"{Apps}/deployments/{name}").Ok();
        Assert.Equal(("2", "2"), (deployment["spec.replicas"], deployment["metadata.generation"]));
        var answer = Put($"{Apps}/deployments/{name}/scale", Object("autoscaling/v1", "Scale", name, """ "spec":{"replicas":1} """, $$""" "namespace":"{{Server.Namespace}}" """)).Ok();
        Assert.Equal("1", answer["spec.replicas"]);
    }

    [Fact]
    public void Scale_is_not_negative()
    {
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name)).Created();
        var answer = Patch($"{Apps}/deployments/{name}/scale", """{"spec":{"replicas":-1} }""").Fails(422, "Invalid");
        Assert.Equal($"Scale.autoscaling \"{name}\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0", answer["message"]);
    }

    [Fact]
    public void Scale_of_what_is_not_there_is_not_found() => Get(Apps + "/deployments/none/scale").Fails(404, "NotFound", "deployments/scale.apps \"none\" not found");

    [Fact]
    public void Scale_of_an_old_revision_is_a_conflict()
    {
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name)).Created();
        Put($"{Apps}/deployments/{name}/scale", Object("autoscaling/v1", "Scale", name, """ "spec":{"replicas":0} """, $$""" "namespace":"{{Server.Namespace}}","resourceVersion":"1" """)).Fails(409, "Conflict");
    }

    [Fact]
    public void Eviction_deletes_the_pod()
    {
        var path = NewPod();
        var answer = Post(path + "/eviction", Eviction(path)).Created();
        Assert.Equal(("Status", "Success", "201"), (answer["kind"], answer["status"], answer["code"]));
        Get(path).Fails(404, "NotFound");
    }

    [Fact]
    public void Eviction_of_what_is_not_there_is_not_found() => Post(Core + "/pods/none/eviction", Eviction("/none")).Fails(404, "NotFound", "pods \"none\" not found");

    [Fact]
    public void Eviction_can_be_rehearsed()
    {
        var path = NewPod();
        Post(path + "/eviction?dryRun=All", Eviction(path)).Created();
        Get(path).Ok();
    }

    [Fact]
    public void Eviction_is_refused_while_a_budget_has_none_to_give()
    {
        var name = NewName("p");
        var path = $"{Core}/pods/{name}";
        Post(Core + "/pods", Pod(name, metadata: $$""" "labels":{"budget":"{{name}}"} """)).Created();
        Patch(path + "/status", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]} }""").Ok();
        var policy = Since(VersionDifference.StableSchedules, "policy/v1", "policy/v1beta1");
        var budgets = $"/apis/{policy}/namespaces/{Server.Namespace}/poddisruptionbudgets";
        Post(budgets, Object(policy, "PodDisruptionBudget", name, $$""" "spec":{"minAvailable":1,"selector":{"matchLabels":{"budget":"{{name}}"} } } """)).Created();

        // What its controller says as well, where there is one.
        Patch($"{budgets}/{name}/status", """{"status":{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1} }""").Ok();
        var cause = $"The disruption budget {name} needs 1 healthy pods and has 1 currently";
        var answer = Eventually(() => Post(path + "/eviction", Eviction(path)), answer => answer["details.causes[0].message"] == cause);
        answer.Fails(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
        Assert.Equal("DisruptionBudget", answer["details.causes[0].reason"]);
        Post(path + "/eviction?dryRun=All", Eviction(path)).Fails(429, "TooManyRequests");
        Get(path).Ok();

        // Nothing of it runs any more, so no budget counts it.
        Patch(path + "/status", """{"status":{"phase":"Failed"} }""").Ok();
        Post(path + "/eviction", Eviction(path)).Created();
        Delete($"{budgets}/{name}").Ok();
    }

    [Fact]
    public void Eviction_can_be_of_one_very_pod()
    {
        var path = NewPod();
        var eviction = Eviction(path).TrimEnd('}', ' ') + """},"deleteOptions":{"preconditions":{"uid":"{0}"} } }""";
        Post(path + "/eviction", eviction.Replace("{0}", "00000000-0000-0000-0000-000000000000", StringComparison.Ordinal)).Fails(409, "Conflict");
        Post(path + "/eviction", eviction.Replace("{0}", Get(path).Ok()["metadata.uid"]!, StringComparison.Ordinal)).Created();
        Get(path).Fails(404, "NotFound");
    }

    [Fact]
    public void A_binding_says_the_node()
    {
        var path = NewPod();
        var name = path[(path.LastIndexOf('/') + 1)..];
        Post(path + "/binding", Object("v1", "Binding", name, """ "target":{"kind":"Node","name":"nowhere"} """)).Created();
        var pod = Get(path).Ok();
        Assert.Equal("nowhere", pod["spec.nodeName"]);
        Assert.Contains(pod.At("status.conditions")!.AsArray(), item => (string?)item!["type"] == "PodScheduled" && (string?)item["status"] == "True");
        Post(path + "/binding", Object("v1", "Binding", name, """ "target":{"kind":"Node","name":"other"} """))
            .Fails(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{name}\": pod {name} is already assigned to node \"nowhere\"");
        Delete(path + "?gracePeriodSeconds=0").Ok();
    }

    private string Eviction(string path) => Object(Since(VersionDifference.EvictionVersion, "policy/v1", "policy/v1beta1"), "Eviction", path[(path.LastIndexOf('/') + 1)..], metadata: $$""" "namespace":"{{Server.Namespace}}" """);

    private string NewPod()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name)).Created();
        return $"{Core}/pods/{name}";
    }
}

/// <inheritdoc/>
public sealed class SandboxSubresource(SandboxUnderTest server) : SubresourceChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabSubresource(LabUnderTest server) : SubresourceChecks(server), IClassFixture<LabUnderTest>;
