namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Services: defaults, addresses, and what stays.</summary>
public abstract class ServiceChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

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
    [InlineData(""" "ports":[{"port":80,"nodePort":30001}] """, "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData(""" "clusterIP":"None","ports":[{"port":80,"nodePort":80}] """, "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData(""" "type":"ExternalName" """, "spec.externalName: Required value")]
    [InlineData(""" "type":"ExternalName","externalName":"-Bad" """, "spec.externalName: Invalid value: \"-Bad\": " + Subdomain)]
    [InlineData(""" "type":"ExternalName","externalName":"a.b","clusterIP":"None" """, "spec.clusterIPs: Forbidden: may not be set for ExternalName services")]
    [InlineData(""" "type":"LoadBalancer","clusterIP":"None","ports":[{"port":80}] """, "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services")]
    [InlineData(""" "ports":[{"port":80,"targetPort":"-bad"}] """, "spec.ports[0].targetPort: Invalid value: \"-bad\": must not begin or end with a hyphen")]
    [InlineData(""" "ports":[{"name":"A_","port":80}] """, "spec.ports[0].name: Invalid value: \"A_\": " + Label)]
    [InlineData(""" "externalIPs":["nope"],"ports":[{"port":80}] """, "spec.externalIPs[0]: Invalid value: \"nope\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData(""" "externalIPs":["192.0.2.9","0.0.0.0"],"ports":[{"port":80}] """, "spec.externalIPs[1]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)")]
    [InlineData(""" "externalIPs":["127.0.0.1"],"ports":[{"port":80}] """, "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8)")]
    [InlineData(""" "externalIPs":["169.254.1.1"],"ports":[{"port":80}] """, "spec.externalIPs[0]: Invalid value: \"169.254.1.1\": may not be in the link-local range (169.254.0.0/16)")]
    [InlineData(""" "externalIPs":["224.0.0.1"],"ports":[{"port":80}] """, "spec.externalIPs[0]: Invalid value: \"224.0.0.1\": may not be in the link-local multicast range (224.0.0.0/24)")]
    [InlineData(""" "externalIPs":["ff02::1"],"ports":[{"port":80}] """, "spec.externalIPs[0]: Invalid value: \"ff02::1\": may not be in the link-local multicast range (224.0.0.0/24)")]
    public void A_service_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("s");
        New(spec, name).Fails(422, "Invalid", $"Service \"{name}\" is invalid: {why}");
    }

    [Fact]
    public void A_service_without_port_has_none_behind_it_either() => Refused(
        New(""" "ports":[{"name":"a"}] """),
        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive");

    [Theory]
    [InlineData("0")]
    [InlineData("\"\"")]
    public void A_target_that_is_nothing_is_the_port_itself(string target) => Assert.Equal("80", New($$""" "ports":[{"port":80,"targetPort":{{target}} }] """).Created()["spec.ports[0].targetPort"]);

    [Fact]
    public void Another_type_drops_what_it_does_not_need()
    {
        var path = $"{Services}/{New(""" "type":"NodePort","ports":[{"port":80}] """).Created()["metadata.name"]}";
        var inside = Patch(path, """{"spec":{"type":"ClusterIP"} }""").Ok();
        Assert.Null(inside["spec.ports[0].nodePort"]);
        Assert.NotNull(inside["spec.clusterIP"]);
        var outside = Patch(path, """{"spec":{"type":"ExternalName","externalName":"example.org"} }""").Ok();
        Assert.Equal((null, null), (outside["spec.clusterIP"], outside["spec.clusterIPs"]));
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
