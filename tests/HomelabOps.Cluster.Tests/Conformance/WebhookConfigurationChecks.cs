namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>What names webhooks: defaults, and what is refused.</summary>
public abstract class WebhookConfigurationChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Validating = "ValidatingWebhookConfiguration";
    private const string Mutating = "MutatingWebhookConfiguration";
    private const string Url = """ "url":"https://a.example.org/look" """;
    private const string Rule = """ "apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"] """;
    private const string UrlForm = "; desired format: https://host[/path]";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Label = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    [Theory]
    [InlineData("failurePolicy", "Fail")]
    [InlineData("matchPolicy", "Equivalent")]
    [InlineData("timeoutSeconds", "10")]
    [InlineData("namespaceSelector", "{}")]
    [InlineData("objectSelector", "{}")]
    [InlineData("rules[0].scope", "*")]
    [InlineData("clientConfig.service.port", "443")]
    public void A_webhook_gets_defaults(string field, string value)
    {
        foreach (var kind in (string[])[Validating, Mutating])
        {
            Assert.Equal(value, New(Webhook(client: """ "service":{"namespace":"n","name":"s"} """), kind).Created()[$"webhooks[0].{field}"]);
        }
    }

    [Fact]
    public void One_that_changes_objects_is_not_asked_again()
    {
        Assert.Equal("Never", New(Webhook(), Mutating).Created()["webhooks[0].reinvocationPolicy"]);
        Assert.Null(New(Webhook()).Created()["webhooks[0].reinvocationPolicy"]);
        Refused(New(Webhook(""" "reinvocationPolicy":"Foo" """), Mutating), "webhooks[0].reinvocationPolicy: Unsupported value: \"Foo\": supported values: \"IfNeeded\", \"Never\"");
    }

    [Theory]
    [InlineData(""" "failurePolicy":"Foo" """, "failurePolicy: Unsupported value: \"Foo\": supported values: \"Fail\", \"Ignore\"")]
    [InlineData(""" "matchPolicy":"Foo" """, "matchPolicy: Unsupported value: \"Foo\": supported values: \"Equivalent\", \"Exact\"")]
    [InlineData(""" "timeoutSeconds":0 """, "timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30 seconds")]
    [InlineData(""" "timeoutSeconds":31 """, "timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds")]
    [InlineData(""" "namespaceSelector":{"matchExpressions":[{"key":"a","operator":"Foo"}]} """, "namespaceSelector.matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator")]
    public void A_webhook_that_makes_no_sense_is_invalid(string rest, string why)
    {
        Refused(New(Webhook(rest)), $"webhooks[0].{why}");
        Refused(New(Webhook(rest), Mutating), $"webhooks[0].{why}");
    }

    [Theory]
    [InlineData(null, "sideEffects: Required value: must specify one of None, NoneOnDryRun")]
    [InlineData("Unknown", "sideEffects: Unsupported value: \"Unknown\": supported values: \"None\", \"NoneOnDryRun\"")]
    public void A_webhook_has_no_effect_on_the_side(string? effects, string why) => Refused(New(Webhook(effects: effects)), $"webhooks[0].{why}");

    [Theory]
    [InlineData("[]", ": Required value: must specify one of v1, v1beta1")]
    [InlineData("null", ": Required value: must specify one of v1, v1beta1")]
    [InlineData("""["v2"]""", ": Invalid value: []string{\"v2\"}: must include at least one of v1, v1beta1")]
    [InlineData("""["v1","v1"]""", "[1]: Invalid value: \"v1\": duplicate version")]
    [InlineData("""["v1","-Bad"]""", "[1]: Invalid value: \"-Bad\": " + Label)]
    public void A_webhook_reads_a_version_that_the_server_writes(string versions, string why) => Refused(New(Webhook(versions: versions)), $"webhooks[0].admissionReviewVersions{why}");

    [Theory]
    [InlineData("a", ": Invalid value: \"a\": should be a domain with at least three segments separated by dots")]
    [InlineData("a.b", ": Invalid value: \"a.b\": should be a domain with at least three segments separated by dots")]
    [InlineData("A.b.c", ": Invalid value: \"A.b.c\": " + Subdomain)]
    [InlineData("", ": Required value")]
    public void The_name_of_a_webhook_is_fully_qualified(string name, string why) => Refused(New(Webhook(name: name)), $"webhooks[0].name{why}");

    [Fact]
    public void Each_webhook_has_another_name() => Refused(New($"{Webhook()},{Webhook()}"), "webhooks[1].name: Duplicate value: \"a.example.org\"");

    [Theory]
    [InlineData("http://a.b/x", "Invalid value: \"http\": 'https' is the only allowed URL scheme" + UrlForm)]
    [InlineData("//a/b", "Invalid value: \"\": 'https' is the only allowed URL scheme" + UrlForm)]
    [InlineData("https:///x", "Invalid value: \"\": host must be provided" + UrlForm)]
    [InlineData("https://a.b/x?a=b", "Invalid value: \"a=b\": query parameters are not permitted in the URL")]
    [InlineData("https://a.b/x#f", "Invalid value: \"f\": fragments are not permitted in the URL")]
    [InlineData("https://u:p@a.b/x", "Invalid value: \"u:p\": user information is not permitted in the URL")]
    [InlineData("https://a b", "Required value: url must be a valid URL: parse \"https://a b\": invalid character \" \" in host name" + UrlForm)]
    [InlineData(":bad", "Required value: url must be a valid URL: parse \":bad\": missing protocol scheme" + UrlForm)]
    [InlineData("https://a.b/%zz", "Required value: url must be a valid URL: parse \"https://a.b/%zz\": invalid URL escape \"%zz\"" + UrlForm)]
    public void An_address_is_one_of_https_alone(string url, string why) => Refused(New(Webhook(client: $$""" "url":"{{url}}" """)), $"webhooks[0].clientConfig.url: {why}");

    [Theory]
    [InlineData("foo")]
    [InlineData("a:b")]
    [InlineData("")]
    public void An_address_without_scheme_has_no_host_either(string url) => Refused(
        New(Webhook(client: $$""" "url":"{{url}}" """)),
        $"webhooks[0].clientConfig.url: Invalid value: \"{(url == "a:b" ? "a" : "")}\": 'https' is the only allowed URL scheme{UrlForm}",
        $"webhooks[0].clientConfig.url: Invalid value: \"\": host must be provided{UrlForm}");

    [Theory]
    [InlineData("")]
    [InlineData(Url + """ ,"service":{"namespace":"n","name":"s"} """)]
    public void A_webhook_is_at_an_address_or_behind_a_service(string client) => Refused(New(Webhook(client: client)), "webhooks[0].clientConfig: Required value: exactly one of url or service is required");

    [Theory]
    [InlineData(""" "port":70000 """, "port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive")]
    [InlineData(""" "path":"foo" """, "path: Invalid value: \"foo\": must start with a '/'")]
    [InlineData(""" "path":"//" """, "path: Invalid value: \"//\": segment[0] may not be empty")]
    [InlineData(""" "path":"/a//b" """, "path: Invalid value: \"/a//b\": segment[1] may not be empty")]
    [InlineData(""" "path":"/A_b" """, "path: Invalid value: \"/A_b\": segment[0]: " + Subdomain)]
    public void The_service_of_a_webhook_can_be_called(string rest, string why) =>
        Refused(New(Webhook(client: $$""" "service":{"namespace":"n","name":"s",{{rest}} } """)), $"webhooks[0].clientConfig.service.{why}");

    [Fact]
    public void The_service_of_a_webhook_has_a_name_and_a_namespace()
    {
        Refused(
            New(Webhook(client: """ "service":{} """)),
            "webhooks[0].clientConfig.service.name: Required value: service name is required",
            "webhooks[0].clientConfig.service.namespace: Required value: service namespace is required");
        New(Webhook(client: """ "service":{"namespace":"n","name":"s","path":"/a/"} """)).Created();
    }

    [Theory]
    [InlineData("operations", "[]", ": Required value")]
    [InlineData("operations", """["Foo"]""", "[0]: Unsupported value: \"Foo\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"")]
    [InlineData("operations", """["*","CREATE"]""", ": Invalid value: []admissionregistration.OperationType{\"*\", \"CREATE\"}: if '*' is present, must not specify other operations")]
    [InlineData("apiGroups", "[]", ": Required value")]
    [InlineData("apiGroups", """["*","a"]""", ": Invalid value: []string{\"*\", \"a\"}: if '*' is present, must not specify other API groups")]
    [InlineData("apiVersions", "[]", ": Required value")]
    [InlineData("apiVersions", """["","v1"]""", "[0]: Required value")]
    [InlineData("apiVersions", """["*","a"]""", ": Invalid value: []string{\"*\", \"a\"}: if '*' is present, must not specify other API versions")]
    [InlineData("resources", "[]", ": Required value")]
    [InlineData("resources", """[""]""", "[0]: Required value")]
    [InlineData("resources", """["*","pods"]""", ": Invalid value: []string{\"*\", \"pods\"}: if '*' is present, must not specify other resources without subresources")]
    [InlineData("resources", """["*/*","pods/x"]""", ": Invalid value: []string{\"*/*\", \"pods/x\"}: if '*/*' is present, must not specify other resources")]
    [InlineData("resources", """["a/*","a/b"]""", "[1]: Invalid value: \"a/b\": if 'a/*' is present, must not specify a/b")]
    [InlineData("resources", """["*/b","a/b"]""", "[1]: Invalid value: \"a/b\": if '*/b' is present, must not specify a/b")]
    [InlineData("scope", "\"Foo\"", ": Unsupported value: \"Foo\": supported values: \"*\", \"Cluster\", \"Namespaced\"")]
    public void A_rule_that_makes_no_sense_is_invalid(string field, string value, string why) =>
        Refused(New(Webhook(rule: $$"""{{Rule}},"{{field}}":{{value}} """)), $"webhooks[0].rules[0].{field}{why}");

    [Theory]
    [InlineData("""["*","a/b"]""")]
    [InlineData("""["a/b","a/*"]""")]
    [InlineData("""["pods","*"]""")]
    public void A_rule_may_name_some_resources_twice(string resources) => New(Webhook(rule: $$"""{{Rule}},"resources":{{resources}} """)).Created();

    private static string Webhook(string rest = "", string name = "a.example.org", string client = Url, string? effects = "None", string versions = """["v1"]""", string rule = Rule) =>
        $$"""{"name":"{{name}}","clientConfig":{ {{client}} },"admissionReviewVersions":{{versions}},"rules":[{ {{rule}} }]{{(effects is null ? "" : $",\"sideEffects\":\"{effects}\"")}}{{(rest.Length == 0 ? "" : "," + rest)}} }""";

    private ApiAnswer New(string webhooks, string kind = Validating) =>
        Post($"/apis/admissionregistration.k8s.io/v1/{kind.ToLowerInvariant()}s?dryRun=All", Object("admissionregistration.k8s.io/v1", kind, NewName("hooks"), $$""" "webhooks":[{{webhooks}}] """));
}

/// <inheritdoc/>
public sealed class SandboxWebhookConfiguration(SandboxUnderTest server) : WebhookConfigurationChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabWebhookConfiguration(LabUnderTest server) : WebhookConfigurationChecks(server), IClassFixture<LabUnderTest>;
