namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Requests that the API server carries to servers in pods, and evictions of pods that run.</summary>
public abstract class ProxyChecks(ServerUnderTest server) : RunningPodChecks(server)
{
    private const string Refusal9 = "connect: connection refused";

    private string Service => Server.Once("service", () =>
    {
        _ = Web;
        Post(Core + "/services", Object("v1", "Service", "web", """ "spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":8080},{"name":"other","port":81,"targetPort":9}]} """)).Created();
        var path = Core + "/services/web";
        Eventually(() => Get(path + ":http/proxy/ping"), answer => answer.Status == 200);
        return path;
    });

    [Theory]
    [InlineData(":8080/proxy/ping")]
    [InlineData(":8080/proxy/ping?with=query")]
    [InlineData("/proxy/ping")]
    public void A_pod_answers_through_the_server(string path) => Assert.Equal("hello\n", Get(Web + path).Ok().Text);

    [Fact]
    public void A_pod_is_spoken_to_by_the_scheme_that_is_named()
    {
        _ = Web;
        Assert.Equal("hello\n", Get(Core + "/pods/http:web:8080/proxy/ping").Ok().Text);
        Unreachable(Get(Core + "/pods/https:web:8080/proxy/ping"), "tls: first record does not look like a TLS handshake");
    }

    [Fact]
    public void What_a_pod_does_not_have_it_says_itself()
    {
        var answer = Get(Web + ":8080/proxy/nothing").Expect(404);
        Assert.Contains("The requested URL was not found", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Status\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_methods_reach_the_pod_as_well()
    {
        Assert.Contains("Not Implemented", Post(Web + ":8080/proxy/ping", "{}").Expect(501).Text, StringComparison.Ordinal);
        Assert.Equal("", Server.Call(new(HttpMethod.Head, Web + ":8080/proxy/ping")).Ok().Text);
    }

    [Theory]
    [InlineData(":8080/proxy")]
    [InlineData("/proxy")]
    public void A_folder_ends_with_a_slash(string path)
    {
        var answer = Get(Web + path).Expect(301);
        Assert.EndsWith(Web + path + "/", answer.Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_on_which_nobody_listens_is_told() => Unreachable(Get(Web + ":9/proxy/"), Refusal9);

    [Fact]
    public void A_port_that_cannot_be_is_told() => Unreachable(Get(Web + ":99999/proxy/"), "dial tcp: address 99999: invalid port");

    [Fact]
    public void A_pod_without_an_address_is_refused() => Get(Unplaced + ":80/proxy/").Fails(400, "BadRequest", "address not allowed");

    [Fact]
    public void A_pod_must_be_there() => Get(Core + "/pods/none:80/proxy/").Fails(404, "NotFound", "pods \"none\" not found");

    [Theory]
    [InlineData(":http/proxy/ping")]
    [InlineData(":80/proxy/ping")]
    public void A_service_leads_to_a_pod(string path) => Assert.Equal("hello\n", Get(Service + path).Ok().Text);

    [Fact]
    public void A_service_may_be_spoken_to_by_a_scheme() => Assert.Equal("hello\n", Get(Service.Replace("/services/web", "/services/http:web:http/proxy/ping", StringComparison.Ordinal)).Ok().Text);

    [Fact]
    public void What_stands_behind_a_service_says_itself_what_it_has_not() => Assert.Contains("The requested URL was not found", Get(Service + ":http/proxy/nothing").Expect(404).Text, StringComparison.Ordinal);

    [Fact]
    public void A_port_behind_a_service_on_which_nobody_listens_is_told() => Unreachable(Get(Service + ":other/proxy/"), Refusal9);

    [Theory]
    [InlineData(":9/proxy/", "no service port 9 found for service \"web\"")]
    [InlineData(":none/proxy/", "no endpoints available for service \"web:none\"")]
    [InlineData("/proxy/", "no endpoints available for service \"web\"")]
    public void A_port_that_a_service_has_not_is_unavailable(string path, string why) => Get(Service + path).Fails(503, "ServiceUnavailable", why);

    [Fact]
    public void A_service_without_pods_is_unavailable()
    {
        var name = NewName("empty");
        Post(Core + "/services", Object("v1", "Service", name, """ "spec":{"selector":{"app":"nothing"},"ports":[{"name":"http","port":80,"targetPort":8080}]} """)).Created();

        // Until its endpoints are made there are none of that name.
        var answer = Eventually(() => Get($"{Core}/services/{name}:http/proxy/"), answer => answer.Status == 503);
        answer.Fails(503, "ServiceUnavailable", $"no endpoints available for service \"{name}\"");
    }

    [Fact]
    public void A_service_must_be_there() => Get(Core + "/services/none/proxy/").Fails(404, "NotFound", "services \"none\" not found");

    [Fact]
    public void Evictions_go_as_far_as_a_budget_allows()
    {
        var name = NewName("crew");
        var container = $$""" "containers":[{{Container("a", "sleep 100000")}}] """;
        string[] pods = [NewRunning(name + "-1", container, $$""","budget":"{{name}}" """), NewRunning(name + "-2", container, $$""","budget":"{{name}}" """)];
        var policy = Since(VersionDifference.StableSchedules, "policy/v1", "policy/v1beta1");
        var budget = $"/apis/{policy}/namespaces/{Server.Namespace}/poddisruptionbudgets";
        Post(budget, Object(policy, "PodDisruptionBudget", name, $$""" "spec":{"minAvailable":1,"selector":{"matchLabels":{"budget":"{{name}}"} } } """)).Created();
        Eventually(() => Get($"{budget}/{name}"), found => found["status.disruptionsAllowed"] == "1");

        // A rehearsal takes nothing of it.
        Post(pods[0] + "/eviction?dryRun=All", Eviction(pods[0])).Created();
        Assert.Equal("1", Get($"{budget}/{name}").Ok()["status.disruptionsAllowed"]);
        Assert.Equal("Success", Post(pods[0] + "/eviction", Eviction(pods[0])).Created()["status"]);
        var refused = Post(pods[1] + "/eviction", Eviction(pods[1])).Fails(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
        Assert.Equal("DisruptionBudget", refused["details.causes[0].reason"]);
        Get(pods[1]).Ok();
        Eventually(() => Get(pods[0]), answer => answer.Status == 404);
        Delete($"{budget}/{name}").Ok();
        Eventually(() => Post(pods[1] + "/eviction", Eviction(pods[1])), answer => answer.Status == 201);
    }

    private string Eviction(string path) =>
        Object(Since(VersionDifference.EvictionVersion, "policy/v1", "policy/v1beta1"), "Eviction", path[(path.LastIndexOf('/') + 1)..], metadata: $$""" "namespace":"{{Server.Namespace}}" """);

    private void Unreachable(ApiAnswer answer, string why)
    {
        answer.Fails(Since(VersionDifference.ProxyFailures, 503, 500), Since(VersionDifference.ProxyFailures, "ServiceUnavailable", ""));
        Assert.StartsWith("error trying to reach service: ", answer["message"], StringComparison.Ordinal);
        Assert.EndsWith(why, answer["message"], StringComparison.Ordinal);
    }
}

/// <inheritdoc/>
public sealed class SandboxProxy(HomelabUnderTest server) : ProxyChecks(server), IClassFixture<HomelabUnderTest>;

/// <inheritdoc/>
public sealed class LabProxy(LabUnderTest server) : ProxyChecks(server), IClassFixture<LabUnderTest>;
