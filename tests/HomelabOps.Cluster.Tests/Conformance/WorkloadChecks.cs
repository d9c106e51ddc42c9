namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Workloads and their pods: defaults and what is refused.</summary>
public abstract class WorkloadChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Theory]
    [InlineData("spec.revisionHistoryLimit", "10")]
    [InlineData("spec.progressDeadlineSeconds", "600")]
    [InlineData("spec.strategy.type", "RollingUpdate")]
    [InlineData("spec.strategy.rollingUpdate.maxSurge", "25%")]
    [InlineData("spec.strategy.rollingUpdate.maxUnavailable", "25%")]
    [InlineData("spec.template.spec.restartPolicy", "Always")]
    [InlineData("spec.template.spec.dnsPolicy", "ClusterFirst")]
    [InlineData("spec.template.spec.schedulerName", "default-scheduler")]
    [InlineData("spec.template.spec.securityContext", "{}")]
    [InlineData("spec.template.spec.terminationGracePeriodSeconds", "30")]
    [InlineData("spec.template.spec.containers[0].imagePullPolicy", "IfNotPresent")]
    [InlineData("spec.template.spec.containers[0].resources", "{}")]
    [InlineData("spec.template.spec.containers[0].terminationMessagePath", "/dev/termination-log")]
    [InlineData("spec.template.spec.containers[0].terminationMessagePolicy", "File")]
    public void A_deployment_gets_defaults(string path, string value) =>
        Assert.Equal(value, Post(Apps + "/deployments?dryRun=All", Deployment(NewName("d"))).Created()[path]);

    [Fact]
    public void Without_a_number_there_is_one_replica()
    {
        var body = Deployment(NewName("d")).Replace("\"replicas\":0,", "", StringComparison.Ordinal);
        Assert.Equal("1", Post(Apps + "/deployments?dryRun=All", body).Created()["spec.replicas"]);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("nothing")]
    public void Volumes_of_a_StatefulSet_are_left_to_its_pods(string volume)
    {
        var spec = $$""" "serviceName":"x","replicas":0,"selector":{"matchLabels":{"app":"x"} },"template":{"metadata":{"labels":{"app":"x"} },"spec":{"containers":[{"name":"a","image":"a:1","volumeMounts":[{"name":"{{volume}}","mountPath":"/data"}]}]} },"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } }] """;
        Assert.Equal("data", Post(Apps + "/statefulsets", Object("apps/v1", "StatefulSet", NewName("s"), $$""" "spec":{ {{spec}} } """)).Created()["spec.volumeClaimTemplates[0].metadata.name"]);
    }

    [Fact]
    public void Amounts_of_a_StatefulSet_are_read_all_the_same()
    {
        const string Spec = """ "spec":{"serviceName":"x","replicas":0,"selector":{"matchLabels":{"app":"x"} },"template":{"metadata":{"labels":{"app":"x"} },"spec":{"containers":[{"name":"a","image":"a:1","resources":{"limits":{"memory":"1Gx"} } }]} } } """;
        var answer = Post(Apps + "/statefulsets", Object("apps/v1", "StatefulSet", NewName("s"), Spec));
        Assert.Equal(400, answer.Status);
        Assert.Contains("quantities must match the regular expression", answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "Always")]
    [InlineData("a:latest", "Always")]
    [InlineData("a:1", "IfNotPresent")]
    [InlineData("registry.example.org:5000/a", "Always")]
    [InlineData("a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "IfNotPresent")]
    public void The_tag_decides_when_an_image_is_pulled(string image, string policy)
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), $$""" "spec":{"containers":[{"name":"a","image":"{{image}}"}]} """)).Created();
        Assert.Equal(policy, answer["spec.containers[0].imagePullPolicy"]);
    }

    [Fact]
    public void Probes_and_ports_get_defaults()
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), """ "spec":{"containers":[{"name":"a","image":"a:1","ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"port":80} } }]} """)).Created();
        Assert.Equal(("TCP", "/", "HTTP"), (answer["spec.containers[0].ports[0].protocol"], answer["spec.containers[0].livenessProbe.httpGet.path"], answer["spec.containers[0].livenessProbe.httpGet.scheme"]));
        Assert.Equal(("1", "10", "1", "3"), (answer["spec.containers[0].livenessProbe.timeoutSeconds"], answer["spec.containers[0].livenessProbe.periodSeconds"], answer["spec.containers[0].livenessProbe.successThreshold"], answer["spec.containers[0].livenessProbe.failureThreshold"]));
    }

    [Fact]
    public void Amounts_that_are_numbers_become_texts()
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), """ "spec":{"containers":[{"name":"a","image":"a:1","resources":{"limits":{"cpu":2},"requests":{"cpu":0.5} } }]} """)).Created();
        Assert.Equal("""{"limits":{"cpu":"2"},"requests":{"cpu":"500m"}}""", answer["spec.containers[0].resources"]);
    }

    [Fact]
    public void Limits_are_requests_too()
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), """ "spec":{"containers":[{"name":"a","image":"a:1","resources":{"limits":{"cpu":"1","memory":"1Gi"} } }]} """)).Created();
        Assert.Equal("1", answer["spec.containers[0].resources.requests.cpu"]);
        Assert.Equal("Guaranteed", answer["status.qosClass"]);
    }

    [Fact]
    public void Limits_of_a_template_stay_alone_and_can_be_lowered()
    {
        var path = $"{Apps}/deployments/{NewName("d")}";
        string Limited(string cpu) => Deployment(path[(path.LastIndexOf('/') + 1)..]).Replace("\"image\":\"a:1\"", $$""" "image":"a:1","resources":{"limits":{"cpu":"{{cpu}}"} } """, StringComparison.Ordinal);
        Assert.Equal("""{"limits":{"cpu":"1500m"}}""", Apply(path, Limited("1500m"), "one").Created()["spec.template.spec.containers[0].resources"]);
        Assert.Equal("""{"limits":{"cpu":"100m"}}""", Apply(path, Limited("100m"), "one").Ok()["spec.template.spec.containers[0].resources"]);
    }

    [Theory]
    [InlineData("", "BestEffort")]
    [InlineData(""","resources":{"requests":{"cpu":"1"} }""", "Burstable")]
    [InlineData(""","resources":{"limits":{"cpu":"1","memory":"1Gi"} }""", "Guaranteed")]
    public void A_pod_has_a_class(string resources, string quality)
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), $$""" "spec":{"containers":[{"name":"a","image":"a:1"{{resources}} }]} """)).Created();
        Assert.Equal(("Pending", quality), (answer["status.phase"], answer["status.qosClass"]));
    }

    [Fact]
    public void A_pod_runs_as_an_account_and_bears_a_bad_node_for_a_while()
    {
        var answer = Post(Core + "/pods?dryRun=All", Pod(NewName("p"))).Created();
        Assert.Equal(("default", "default", "true", "0"), (answer["spec.serviceAccountName"], answer["spec.serviceAccount"], answer["spec.enableServiceLinks"], answer["spec.priority"]));
        var tolerations = answer.At("spec.tolerations")!.AsArray().Select(item => $"{item!["key"]}:{item["effect"]}");

        // For how long is a setting of the server.
        Assert.Equal(["node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/unreachable:NoExecute"], tolerations);
    }

    [Fact]
    public void A_pod_of_an_account_that_is_not_there_is_refused()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name, """ "serviceAccountName":"nobody" """)).Fails(
            403, "Forbidden", $"pods \"{name}\" is forbidden: error looking up service account {Server.Namespace}/nobody: serviceaccount \"nobody\" not found");
    }

    [Fact]
    public void A_pod_of_a_priority_that_is_not_there_is_refused()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name, """ "priorityClassName":"nothing" """)).Fails(403, "Forbidden", $"pods \"{name}\" is forbidden: no PriorityClass with name nothing was found");
    }

    [Theory]
    [InlineData(""" "containers":[] """, "spec.containers: Required value")]
    [InlineData(""" "containers":[{"name":"a"}] """, "spec.containers[0].image: Required value")]
    [InlineData(""" "containers":[{"image":"a:1"}] """, "spec.containers[0].name: Required value")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1"},{"name":"a","image":"a:1"}] """, "spec.containers[1].name: Duplicate value: \"a\"")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1","volumeMounts":[{"name":"v","mountPath":"/v"}]}] """, "spec.containers[0].volumeMounts[0].name: Not found: \"v\"")]
    [InlineData(""" "restartPolicy":"Seldom","containers":[{"name":"a","image":"a:1"}] """, "spec.restartPolicy: Unsupported value: \"Seldom\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1","imagePullPolicy":"Seldom"}] """, "spec.containers[0].imagePullPolicy: Unsupported value: \"Seldom\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1","ports":[{"containerPort":70000}]}] """, "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"} } }] """, "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit{of}")]
    [InlineData(""" "volumes":[{"name":"v"},{"name":"v"}],"containers":[{"name":"a","image":"a:1"}] """, "spec.volumes[1].name: Duplicate value: \"v\"")]
    [InlineData(""" "containers":[{"name":"a","image":"a:1","env":[{"name":""}]}] """, "spec.containers[0].env[0].name: Required value")]
    public void A_pod_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("p");
        var of = Since(VersionDifference.LimitInMessage, " of 1", "");
        Post(Core + "/pods?dryRun=All", Object("v1", "Pod", name, $$""" "spec":{ {{spec}} } """)).Fails(422, "Invalid", $"Pod \"{name}\" is invalid: {why.Replace("{of}", of, StringComparison.Ordinal)}");
    }

    [Fact]
    public void A_quantity_that_is_none_is_refused()
    {
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", NewName("p"), """ "spec":{"containers":[{"name":"a","image":"a:1","resources":{"requests":{"cpu":"much"} } }]} """)).Fails(400, "BadRequest");
        Assert.Contains("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_must_be_selected()
    {
        var name = NewName("d");
        var body = Deployment(name).Replace("\"matchLabels\":{\"app\":\"x\"}", "\"matchLabels\":{\"app\":\"other\"}", StringComparison.Ordinal);
        Post(Apps + "/deployments", body).Fails(
            422, "Invalid", $"Deployment.apps \"{name}\" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{{\"app\":\"x\"}}: `selector` does not match template `labels`");
    }

    [Fact]
    public void A_deployment_needs_a_selector()
    {
        var answer = Post(Apps + "/deployments", Object("apps/v1", "Deployment", NewName("d"), """ "spec":{"template":{"metadata":{"labels":{"a":"b"} },"spec":{"containers":[{"name":"a","image":"a:1"}]} } } """)).Fails(422, "Invalid");
        Assert.Equal(("spec.selector", "FieldValueRequired"), (answer["details.causes[0].field"], answer["details.causes[0].reason"]));
    }

    [Theory]
    [InlineData(""" "replicas":-1 """, "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData(""" "strategy":{"type":"Slow"} """, "spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:\"Slow\", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: \"Recreate\", \"RollingUpdate\"")]
    [InlineData(""" "strategy":{"type":"Recreate","rollingUpdate":{"maxSurge":1} } """, "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    public void A_deployment_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("d");
        Post(Apps + "/deployments?dryRun=All", Deployment(name, spec)).Fails(422, "Invalid", $"Deployment.apps \"{name}\" is invalid: {why}");
    }

    [Fact]
    public void A_template_restarts_always()
    {
        var name = NewName("d");
        Post(Apps + "/deployments?dryRun=All", Deployment(name, pod: """ "restartPolicy":"Never" """))
            .Fails(422, "Invalid", $"Deployment.apps \"{name}\" is invalid: spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"");
    }

    [Fact]
    public void The_selector_of_a_deployment_stays()
    {
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name)).Created();
        var answer = Patch($"{Apps}/deployments/{name}", """{"spec":{"selector":{"matchLabels":{"app":"y"} },"template":{"metadata":{"labels":{"app":"y"} } } } }""").Fails(422, "Invalid");
        Assert.EndsWith("field is immutable", answer["message"], StringComparison.Ordinal);
        Assert.Equal("spec.selector", answer["details.causes[0].field"]);
    }

    [Fact]
    public void Most_of_a_pod_stays()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name)).Created();
        Assert.Equal("a:2", Patch($"{Core}/pods/{name}", """{"spec":{"containers":[{"name":"a","image":"a:2"}]} }""", StrategicPatch).Ok()["spec.containers[0].image"]);
        var answer = Patch($"{Core}/pods/{name}", """{"spec":{"dnsPolicy":"Default"} }""").Invalid(("spec", "FieldValueForbidden"));
        Assert.Contains("pod updates may not change fields other than `spec.containers[*].image`", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_selects_its_pods_by_its_uid()
    {
        var name = NewName("j");
        var answer = Post($"/apis/batch/v1/namespaces/{Server.Namespace}/jobs?dryRun=All", Object("batch/v1", "Job", name, """ "spec":{"parallelism":0,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]} } } """)).Created();
        Assert.Equal(("6", "0"), (answer["spec.backoffLimit"], answer["spec.parallelism"]));
        Assert.Equal(answer["metadata.uid"], (string?)answer.At("spec.template.metadata.labels")!["controller-uid"]);
        Assert.Equal(name, (string?)answer.At("spec.template.metadata.labels")!["job-name"]);
    }

    [Fact]
    public void A_job_does_not_restart_always()
    {
        var name = NewName("j");
        var answer = Post($"/apis/batch/v1/namespaces/{Server.Namespace}/jobs?dryRun=All", Object("batch/v1", "Job", name, """ "spec":{"template":{"spec":{"containers":[{"name":"a","image":"a:1"}]} } } """)).Fails(422, "Invalid");
        Assert.Contains("spec.template.spec.restartPolicy: ", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stateful_set_changes_only_some_fields()
    {
        var name = NewName("s");
        var path = $"{Apps}/statefulsets/{name}";
        var created = Post(Apps + "/statefulsets", Object("apps/v1", "StatefulSet", name, """ "spec":{"replicas":0,"serviceName":"x","selector":{"matchLabels":{"app":"x"} },"template":{"metadata":{"labels":{"app":"x"} },"spec":{"containers":[{"name":"a","image":"a:1"}]} } } """)).Created();
        Assert.Equal(("OrderedReady", "RollingUpdate", "0", "10"), (created["spec.podManagementPolicy"], created["spec.updateStrategy.type"], created["spec.updateStrategy.rollingUpdate.partition"], created["spec.revisionHistoryLimit"]));
        var answer = Patch(path, """{"spec":{"serviceName":"y"} }""").Invalid(("spec", "FieldValueForbidden"));
        Assert.Contains("updates to statefulset spec for fields other than 'replicas'", answer["message"], StringComparison.Ordinal);
    }
}

/// <inheritdoc/>
public sealed class SandboxWorkload(SandboxUnderTest server) : WorkloadChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabWorkload(LabUnderTest server) : WorkloadChecks(server), IClassFixture<LabUnderTest>;
