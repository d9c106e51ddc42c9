namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Webhooks whose server is not there: which writes they are asked about, and what becomes of these. What answers differs by cluster.</summary>
public abstract class WebhookChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Validating = "validatingwebhookconfigurations";
    private const string Mutating = "mutatingwebhookconfigurations";

    [Theory]
    [InlineData(Validating)]
    [InlineData(Mutating)]
    public void A_write_fails_that_a_webhook_cannot_be_asked_about(string configurations)
    {
        var hook = New(configurations, """ "failurePolicy":"Fail" """);
        var refused = Eventually(() => PostMap(hook), answer => answer.Status != 201).Fails(500, "InternalError");
        Assert.StartsWith($"Internal error occurred: failed calling webhook \"{hook}.example.org\": ", refused["message"], StringComparison.Ordinal);
        Assert.Contains($"Post \"https://nobody.{Server.Namespace}.svc:443/look?timeout=3s\": service \"nobody\" not found", refused["message"], StringComparison.Ordinal);

        // By then the server knows the configuration, so what still passes is not asked about.
        Post($"{ConfigMaps}?dryRun=All", Map(hook)).Fails(500, "InternalError");
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        Post($"{Core}/secrets", Object("v1", "Secret", NewName("s"), metadata: Label(hook))).Created();
    }

    [Fact]
    public void A_failure_is_passed_over_where_the_policy_says_so()
    {
        // One after the other in the same configuration: when the second has an effect, the first is known too.
        var hook = New(Validating, """ "failurePolicy":"Ignore" """);
        Eventually(() => PostMap(hook, "second"), answer => answer.Status == 500);
        PostMap(hook).Created();
    }

    [Theory]
    [InlineData("UPDATE")]
    [InlineData("DELETE")]
    public void It_is_asked_about_its_operations_only(string operation)
    {
        var hook = New(Validating, """ "failurePolicy":"Fail" """, operation);
        var name = PostMap(hook).Created()["metadata.name"];
        var change = () => operation == "DELETE" ? Delete($"{ConfigMaps}/{name}?dryRun=All") : Patch($"{ConfigMaps}/{name}?dryRun=All", """{"data":{"a":"2"} }""");
        Eventually(change, answer => answer.Status == 500);
        var other = PostMap(hook).Created()["metadata.name"];
        Assert.Equal(500, (operation == "DELETE" ? Delete($"{ConfigMaps}/{other}") : Patch($"{ConfigMaps}/{other}", """{"data":{"a":"2"} }""")).Status);
        Assert.Equal("1", Get($"{ConfigMaps}/{other}").Ok()["data.a"]);
        (operation == "DELETE" ? Patch($"{ConfigMaps}/{other}", """{"data":{"a":"2"} }""") : Delete($"{ConfigMaps}/{other}")).Ok();
    }

    [Fact]
    public void A_namespace_can_be_left_out()
    {
        var hook = New(Validating, """ "failurePolicy":"Fail","namespaceSelector":{"matchExpressions":[{"key":"asked","operator":"Exists"}]} """);
        PostMap(hook).Created();
        Patch($"/api/v1/namespaces/{Server.Namespace}", """{"metadata":{"labels":{"asked":"yes"} } }""").Ok();
        Eventually(() => PostMap(hook), answer => answer.Status == 500);
        Patch($"/api/v1/namespaces/{Server.Namespace}", """{"metadata":{"labels":{"asked":null} } }""").Ok();
        Eventually(() => PostMap(hook), answer => answer.Status == 201);
    }

    [Fact]
    public void A_port_that_the_service_does_not_have_is_named()
    {
        var service = NewName("s");
        Post($"{Core}/services", Object("v1", "Service", service, """ "spec":{"ports":[{"port":8443}]} """)).Created();
        var hook = New(Validating, """ "failurePolicy":"Fail" """, service: service);
        var refused = Eventually(() => PostMap(hook), answer => answer.Status != 201).Fails(500, "InternalError");
        Assert.EndsWith($": no service port 443 found for service \"{service}\"", refused["message"], StringComparison.Ordinal);
    }

    // Beside it is a second one, which fails for what is labelled so.
    private string New(string configurations, string rest, string operation = "CREATE", string service = "nobody")
    {
        var name = NewName("hook");
        Post($"/apis/admissionregistration.k8s.io/v1/{configurations}", Object(
            "admissionregistration.k8s.io/v1",
            configurations == Validating ? "ValidatingWebhookConfiguration" : "MutatingWebhookConfiguration",
            name,
            $$""" "webhooks":[{{Webhook(name, rest, operation, service, name)}},{{Webhook("second-" + name, """ "failurePolicy":"Fail" """, "CREATE", service, name + "-second")}}] """)).Created();
        Server.DeleteLater($"/apis/admissionregistration.k8s.io/v1/{configurations}/{name}");
        return name;
    }

    private string Webhook(string name, string rest, string operation, string service, string label) => $$"""
        {
          "name":"{{name}}.example.org","admissionReviewVersions":["v1"],"sideEffects":"None","timeoutSeconds":3,
          "clientConfig":{"service":{"name":"{{service}}","namespace":"{{Server.Namespace}}","path":"/look"} },
          "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["{{operation}}"],"resources":["configmaps"]}],
          "objectSelector":{"matchLabels":{ {{Part(label)}} } },{{rest}}
        }
        """;

    private ApiAnswer PostMap(string hook, string? part = null) => Post(ConfigMaps, Map(part is null ? hook : $"{hook}-{part}"));

    private static string Map(string label) => ConfigMap(NewName(), Label(label));

    private static string Label(string label) => $$""" "labels":{ {{Part(label)}} } """;

    private static string Part(string label) => $"\"hook\":\"{label}\"";
}

/// <inheritdoc/>
public sealed class SandboxWebhook(SandboxUnderTest server) : WebhookChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabWebhook(LabUnderTest server) : WebhookChecks(server), IClassFixture<LabUnderTest>;
