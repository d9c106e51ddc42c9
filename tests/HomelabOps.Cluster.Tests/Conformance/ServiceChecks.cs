namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Services: defaults, addresses, and what stays.</summary>
public abstract class ServiceChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private string Services => Core + "/services";

    [Fact]
    public void A_service_gets_defaults_and_an_address()
    {
        var answer = New(""" "ports":[{"port":80}] """).Created();
        Assert.Equal(("ClusterIP", "None", "TCP", "80"), (answer["spec.type"], answer["spec.sessionAffinity"], answer["spec.ports[0].protocol"], answer["spec.ports[0].targetPort"]));
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$", answer["spec.clusterIP"]);
        Assert.Equal($$"""["{{answer["spec.clusterIP"]}}"]""", answer["spec.clusterIPs"]);
        Assert.Equal("""{"loadBalancer":{}}""", answer["status"]);
        Assert.Equal(Since(VersionDifference.DualStack, """["IPv4"]""", null), answer["spec.ipFamilies"]);
        Assert.Equal(Since(VersionDifference.InternalTrafficPolicy, "Cluster", null), answer["spec.internalTrafficPolicy"]);
    }

    [Fact]
    public void Each_service_has_another_address() =>
        Assert.NotEqual(New(""" "ports":[{"port":80}] """).Created()["spec.clusterIP"], New(""" "ports":[{"port":80}] """).Created()["spec.clusterIP"]);

    [Fact]
    public void A_headless_service_has_none()
    {
        var answer = New(""" "clusterIP":"None","selector":{"a":"b"} """).Created();
        Assert.Equal(("None", """["None"]"""), (answer["spec.clusterIP"], answer["spec.clusterIPs"]));
    }

    [Fact]
    public void A_node_port_is_given()
    {
        var answer = New(""" "type":"NodePort","ports":[{"port":80}] """).Created();
        Assert.InRange(int.Parse(answer["spec.ports[0].nodePort"]!, System.Globalization.CultureInfo.InvariantCulture), 30000, 32767);
        Assert.Equal("Cluster", answer["spec.externalTrafficPolicy"]);
    }

    [Fact]
    public void An_external_name_has_no_address()
    {
        var answer = New(""" "type":"ExternalName","externalName":"example.org" """).Created();
        Assert.Equal((null, "example.org"), (answer["spec.clusterIP"], answer["spec.externalName"]));
    }

    [Fact]
    public void A_load_balancer_waits_for_its_address()
    {
        var answer = New(""" "type":"LoadBalancer","ports":[{"port":80}] """).Created();
        Assert.Equal("""{"loadBalancer":{}}""", answer["status"]);
        Assert.NotNull(answer["spec.ports[0].nodePort"]);
        var path = $"{Services}/{answer["metadata.name"]}";
        Assert.Equal("192.0.2.1", Patch(path + "/status", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]} } }""").Ok()["status.loadBalancer.ingress[0].ip"]);
    }

    [Theory]
    [InlineData("", "spec.ports: Required value")]
    [InlineData(""" "ports":[{"port":0,"targetPort":1}] """, "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData(""" "ports":[{"port":1,"targetPort":70000}] """, "spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(""" "ports":[{"port":80},{"port":81,"name":"b"}] """, "spec.ports[0].name: Required value")]
    [InlineData(""" "ports":[{"port":80,"name":"a"},{"port":81,"name":"a"}] """, "spec.ports[1].name: Duplicate value: \"a\"")]
    [InlineData(""" "type":"Other","ports":[{"port":80}] """, "spec.type: Unsupported value: \"Other\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData(""" "ports":[{"port":80,"protocol":"XXX"}] """, "spec.ports[0].protocol: Unsupported value: \"XXX\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData(""" "type":"NodePort","ports":[{"port":80,"nodePort":80}] """, "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData(""" "sessionAffinity":"X","ports":[{"port":80}] """, "spec.sessionAffinity: Unsupported value: \"X\": supported values: \"ClientIP\", \"None\"")]
    public void A_service_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("s");
        New(spec, name).Fails(422, "Invalid", $"Service \"{name}\" is invalid: {why}");
    }

    [Fact]
    public void The_address_stays()
    {
        var created = New(""" "ports":[{"port":80}] """).Created();
        var name = created["metadata.name"]!;
        Patch($"{Services}/{name}", """{"spec":{"clusterIP":"10.96.200.200","clusterIPs":["10.96.200.200"]} }""").Fails(
            422, "Invalid", $"Service \"{name}\" is invalid: spec.clusterIPs[0]: Invalid value: []string{{\"10.96.200.200\"}}: may not change once set");
        var answer = Put($"{Services}/{name}", Object("v1", "Service", name, """ "spec":{"ports":[{"port":81}]} """, $$""" "resourceVersion":"{{created["metadata.resourceVersion"]}}" """));
        if (Since(VersionDifference.ServiceAddressKept, now: true, before: false))
        {
            Assert.Equal((created["spec.clusterIP"], "81"), (answer.Ok()["spec.clusterIP"], answer["spec.ports[0].port"]));
        }
        else
        {
            answer.Invalid(("spec.clusterIPs[0]", "FieldValueInvalid"));
        }
    }

    [Fact]
    public void An_address_that_another_service_has_is_refused()
    {
        var address = New(""" "ports":[{"port":80}] """).Created()["spec.clusterIP"];
        var answer = New($$""" "clusterIP":"{{address}}","ports":[{"port":80}] """).Invalid(("spec.clusterIPs", "FieldValueInvalid"));
        Assert.Contains($"Invalid value: []string{{\"{address}\"}}: failed to allocate", answer["message"], StringComparison.Ordinal);
        Assert.EndsWith("provided IP is already allocated", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_free_again_when_its_service_has_gone()
    {
        var created = New(""" "ports":[{"port":80}] """).Created();
        Delete($"{Services}/{created["metadata.name"]}").Ok();
        Eventually(() => New($$""" "clusterIP":"{{created["spec.clusterIP"]}}","ports":[{"port":80}] """), answer => answer.Status == 201);
    }

    [Fact]
    public void An_address_beside_the_network_of_services_is_refused()
    {
        var answer = New(""" "clusterIP":"192.0.2.1","ports":[{"port":80}] """).Invalid(("spec.clusterIPs", "FieldValueInvalid"));
        Assert.Contains("is not in the valid range. The range of valid IPs is ", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_refused() =>
        Assert.Contains("must be a valid IP address", New(""" "clusterIP":"nowhere","ports":[{"port":80}] """).Invalid(("spec.clusterIPs[0]", "FieldValueInvalid"))["message"], StringComparison.Ordinal);

    [Fact]
    public void A_node_port_that_another_service_has_is_refused()
    {
        var port = New(""" "type":"NodePort","ports":[{"port":80}] """).Created()["spec.ports[0].nodePort"];
        var name = NewName("s");
        New($$""" "type":"NodePort","ports":[{"port":80,"nodePort":{{port}} }] """, name).Fails(422, "Invalid", $"Service \"{name}\" is invalid: spec.ports[0].nodePort: Invalid value: {port}: provided port is already allocated");
    }

    [Fact]
    public void Ports_are_patched_by_number()
    {
        var name = New(""" "ports":[{"name":"a","port":80},{"name":"b","port":81}] """).Created()["metadata.name"];
        var answer = Patch($"{Services}/{name}", """{"spec":{"ports":[{"port":81,"targetPort":9}]} }""", StrategicPatch).Ok();
        Assert.Equal(["80:80", "81:9"], answer.At("spec.ports")!.AsArray().Select(port => $"{port!["port"]}:{port["targetPort"]}").Order(StringComparer.Ordinal));
    }

    private ApiAnswer New(string spec, string? name = null) => Post(Services, Object("v1", "Service", name ?? NewName("s"), $$""" "spec":{ {{spec}} } """));
}

/// <inheritdoc/>
public sealed class SandboxService(SandboxUnderTest server) : ServiceChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabService(LabUnderTest server) : ServiceChecks(server), IClassFixture<LabUnderTest>;
