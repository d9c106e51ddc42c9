namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Quotas and ranges of namespaces: what they put into pods, count, and refuse.</summary>
public abstract class QuotaChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Theory]
    [InlineData("foo", "must be a standard resource type or fully qualified", "must be a standard resource for quota")]
    [InlineData("storage", "must be a standard resource for quota")]
    [InlineData("requests.foo", "must be a standard resource type or fully qualified", "must be a standard resource for quota")]
    public void A_quota_bounds_what_is_known(string resource, params string[] why) => Refused(
        Post($"{Core}/resourcequotas?dryRun=All", Object("v1", "ResourceQuota", NewName("q"), $$""" "spec":{"hard":{"{{resource}}":"1"} } """)), [.. why.Select(text => $"spec.hard[{resource}]: Invalid value: \"{resource}\": {text}")]);

    [Theory]
    [InlineData("requests.example.org/x")]
    [InlineData("count/foo.bar")]
    [InlineData("hugepages-2Mi")]
    [InlineData("a.storageclass.storage.k8s.io/requests.storage")]
    public void A_quota_may_bound_what_others_know(string resource) => Post($"{Core}/resourcequotas?dryRun=All", Object("v1", "ResourceQuota", NewName("q"), $$""" "spec":{"hard":{"{{resource}}":"1"} } """)).Created();

    [Fact]
    public void A_bound_is_not_negative() => Refused(
        Post($"{Core}/resourcequotas?dryRun=All", Object("v1", "ResourceQuota", NewName("q"), """ "spec":{"hard":{"pods":"-1"} } """)), "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0");

    [Fact]
    public void A_quota_counts_and_refuses_what_is_too_much()
    {
        var space = Quota(""" "hard":{"pods":"2","requests.memory":"100Mi","limits.cpu":"1"} """);
        Assert.Equal(("100Mi", "0", "0"), ((string?)Get(space + "/resourcequotas/q").Ok().At("status.hard")!["requests.memory"], Used(space, "pods"), Used(space, "requests.memory")));
        Post(space + "/pods", Sized("a", "60Mi", "600m")).Created();
        Until(() => Used(space, "pods") == "1" && Used(space, "requests.memory") == "60Mi" && Used(space, "limits.cpu") == "600m");
        Post(space + "/pods", Sized("b", "60Mi", "600m")).Fails(403, "Forbidden", "pods \"b\" is forbidden: exceeded quota: q, requested: limits.cpu=600m,requests.memory=60Mi, used: limits.cpu=600m,requests.memory=60Mi, limited: limits.cpu=1,requests.memory=100Mi");
        Post(space + "/pods?dryRun=All", Sized("b", "20Mi", "400m")).Created();
        Post(space + "/pods", Sized("b", "20Mi", "400m")).Created();
        Until(() => Used(space, "pods") == "2" && Used(space, "requests.memory") == "80Mi" && Used(space, "limits.cpu") == "1");
        Post(space + "/pods", Sized("c", "1Mi", "1m")).Fails(403, "Forbidden");
        Delete(space + "/pods/a", """{"gracePeriodSeconds":0}""").Ok();
        Until(() => Used(space, "pods") == "1" && Used(space, "limits.cpu") == "400m");
        Post(space + "/pods", Sized("c", "1Mi", "1m")).Created();
    }

    [Fact]
    public void What_a_quota_limits_must_be_said()
    {
        var space = Quota(""" "hard":{"requests.memory":"100Mi","limits.memory":"1Gi"} """);
        var missing = Since(VersionDifference.QuotaNamesContainers, "limits.memory for: a; requests.memory for: a", "limits.memory,requests.memory");
        Post(space + "/pods", Pod("a")).Fails(403, "Forbidden", $"pods \"a\" is forbidden: failed quota: q: must specify {missing}");
    }

    [Fact]
    public void Other_amounts_need_not_be_said()
    {
        var space = Quota(""" "hard":{"requests.ephemeral-storage":"1Gi","pods":"5"} """);
        Post(space + "/pods", Pod("a")).Created();
    }

    [Fact]
    public void Amounts_that_cannot_be_read_or_contradict_each_other_are_refused()
    {
        var space = Quota(""" "hard":{"pods":"5"},"scopes":["BestEffort"] """);
        Post(space + "/resourcequotas", Object("v1", "ResourceQuota", "bad", """ "spec":{"hard":{"pods":"many"} } """)).Fails(400, "BadRequest");
        Post(space + "/limitranges", Object("v1", "LimitRange", "bad", """ "spec":{"limits":[{"type":"Container","min":{"cpu":"2"},"max":{"cpu":"1"} }]} """)).Fails(422, "Invalid");
        Patch(space + "/resourcequotas/q", """{"spec":{"scopes":["NotBestEffort"]} }""").Fails(422, "Invalid");
    }

    [Fact]
    public void A_pod_that_has_ended_gives_back_what_it_used()
    {
        var space = Quota(""" "hard":{"pods":"1"} """);
        Post(space + "/pods", Pod("a")).Created();
        Until(() => Used(space, "pods") == "1");
        Patch(space + "/pods/a/status", """{"status":{"phase":"Succeeded"} }""").Ok();
        Until(() => Used(space, "pods") == "0");
        Post(space + "/pods", Pod("b")).Created();
    }

    [Fact]
    public void A_scope_leaves_other_pods_alone()
    {
        var space = Quota(""" "hard":{"pods":"0"},"scopes":["BestEffort"] """);
        Post(space + "/pods", Pod("a")).Fails(403, "Forbidden", "pods \"a\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0");
        Post(space + "/pods", Sized("a", "1Mi", "1m")).Created();
    }

    [Fact]
    public void Objects_are_counted_by_their_resource()
    {
        var space = Quota(""" "hard":{"count/deployments.apps":"1","services.nodeports":"0","persistentvolumeclaims":"1","requests.storage":"1Gi"} """);
        var apps = space.Replace("/api/v1", "/apis/apps/v1", StringComparison.Ordinal) + "/deployments";
        Post(apps, Deployment("a")).Created();
        Post(apps, Deployment("b")).Fails(403, "Forbidden", "deployments.apps \"b\" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1");
        Post(space + "/services", Object("v1", "Service", "a", """ "spec":{"ports":[{"port":80}]} """)).Created();
        Post(space + "/services", Object("v1", "Service", "b", """ "spec":{"type":"NodePort","ports":[{"port":80}]} """)).Fails(403, "Forbidden", "services \"b\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0");
        Post(space + "/persistentvolumeclaims", Claim("a", "2Gi")).Fails(403, "Forbidden", "persistentvolumeclaims \"a\" is forbidden: exceeded quota: q, requested: requests.storage=2Gi, used: requests.storage=0, limited: requests.storage=1Gi");
        Post(space + "/persistentvolumeclaims", Claim("a", "512Mi")).Created();
        Until(() => Used(space, "requests.storage") == "512Mi" && Used(space, "persistentvolumeclaims") == "1" && Used(space, "count/deployments.apps") == "1");
    }

    [Fact]
    public void A_change_that_takes_more_is_refused()
    {
        var space = Quota(""" "hard":{"services.nodeports":"1"} """);
        Post(space + "/services", Object("v1", "Service", "a", """ "spec":{"ports":[{"name":"a","port":80}]} """)).Created();
        Patch(space + "/services/a", """{"spec":{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]} }""").Fails(403, "Forbidden", "services \"a\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1");
        Patch(space + "/services/a", """{"spec":{"type":"NodePort"} }""").Ok();
        Until(() => Used(space, "services.nodeports") == "1");
        Patch(space + "/services/a", """{"metadata":{"labels":{"a":"b"} } }""").Ok();
        Patch(space + "/services/a", """{"spec":{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]} }""").Fails(403, "Forbidden", "services \"a\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1");
    }

    [Fact]
    public void A_range_gives_containers_what_they_do_not_say()
    {
        var space = Range(""" {"type":"Container","default":{"memory":"200Mi"},"defaultRequest":{"memory":"100Mi","cpu":"10m"} } """);
        var pod = Post(space + "/pods", Pod("a")).Created();
        Assert.Equal(("200Mi", "100Mi", "10m", "Burstable"), (pod["spec.containers[0].resources.limits.memory"], pod["spec.containers[0].resources.requests.memory"], pod["spec.containers[0].resources.requests.cpu"], pod["status.qosClass"]));
        Assert.Equal("LimitRanger plugin set: cpu, memory request for container a; memory limit for container a", (string?)pod.At("metadata.annotations")!["kubernetes.io/limit-ranger"]);
        Assert.Null(Post(space + "/pods", Sized("b", "1Mi", "1m", """ ,"memory":"5Mi" """)).Created().At("metadata.annotations"));
    }

    [Fact]
    public void A_range_completes_itself()
    {
        var space = Range(""" {"type":"Container","max":{"cpu":"1"},"min":{"memory":"1Mi"} } """);
        var range = Get(space + "/limitranges/r").Ok();
        Assert.Equal(("1", "1", "1Mi"), (range["spec.limits[0].default.cpu"], range["spec.limits[0].defaultRequest.cpu"], range["spec.limits[0].defaultRequest.memory"]));
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"memory":"50Mi"} }""", "maximum memory usage per Container is 50Mi, but limit is 64Mi")]
    [InlineData("""{"type":"Container","min":{"memory":"70Mi"} }""", "minimum memory usage per Container is 70Mi, but request is 60Mi")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"} }""", "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000")]
    [InlineData("""{"type":"Pod","max":{"cpu":"200m"} }""", "maximum cpu usage per Pod is 200m, but limit is 300m")]
    [InlineData("""{"type":"Pod","min":{"cpu":"1"} }""", "minimum cpu usage per Pod is 1, but request is 100m")]
    public void A_range_refuses_what_is_outside_of_it(string limit, string reason)
    {
        var space = Range(limit);
        var body = Object("v1", "Pod", "a", """ "spec":{"schedulerName":"nobody","containers":[{"name":"a","image":"a:1","resources":{"requests":{"memory":"60Mi","cpu":"100m"},"limits":{"memory":"64Mi","cpu":"300m"} } }]} """);
        Eventually(() => Post(space + "/pods?dryRun=All", body), answer => answer.Status != 201).Fails(403, "Forbidden", $"pods \"a\" is forbidden: {reason}");
    }

    [Fact]
    public void A_range_limits_the_size_of_claims()
    {
        var space = Range("""{"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"2Gi"} }""");
        Post(space + "/persistentvolumeclaims", Claim("a", "500Mi")).Fails(403, "Forbidden", "persistentvolumeclaims \"a\" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi");
        Post(space + "/persistentvolumeclaims", Claim("a", "3Gi")).Fails(403, "Forbidden", "persistentvolumeclaims \"a\" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi");
        Post(space + "/persistentvolumeclaims", Claim("a", "1Gi")).Created();
    }

    private static string Sized(string name, string memory, string cpu, string limit = "") => Object(
        "v1",
        "Pod",
        name,
        $$""" "spec":{"schedulerName":"nobody","terminationGracePeriodSeconds":0,"containers":[{"name":"a","image":"a:1","resources":{"requests":{"memory":"{{memory}}"},"limits":{"cpu":"{{cpu}}"{{limit}} } } }]} """);

    private static string Claim(string name, string size) => Object("v1", "PersistentVolumeClaim", name, $$""" "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"none","resources":{"requests":{"storage":"{{size}}"} } } """);

    // Where no controller has looked at a quota yet, nothing is let through.
    private string Quota(string spec)
    {
        var space = "/api/v1/namespaces/" + Server.NewNamespace();
        Post(space + "/resourcequotas", Object("v1", "ResourceQuota", "q", $$""" "spec":{ {{spec}} } """)).Created();
        Eventually(() => Get(space + "/resourcequotas/q"), quota => quota.At("status.used") is not null);
        return space;
    }

    private string Range(string limit)
    {
        var space = "/api/v1/namespaces/" + Server.NewNamespace();
        Post(space + "/limitranges", Object("v1", "LimitRange", "r", $$""" "spec":{"limits":[{{limit}}]} """)).Created();
        return space;
    }

    private void Until(Func<bool> holds) => Eventually(() => Get("/version"), _ => holds());

    private string? Used(string space, string name) => (string?)Get(space + "/resourcequotas/q").Ok().At("status.used")![name];
}

/// <inheritdoc/>
public sealed class SandboxQuota(SandboxUnderTest server) : QuotaChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabQuota(LabUnderTest server) : QuotaChecks(server), IClassFixture<LabUnderTest>;
