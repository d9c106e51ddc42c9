namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>How objects, labels and keys may be called.</summary>
public abstract class NameChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string QualifiedForm = "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string ServiceName = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string NamePart = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private const string LabelValue = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const string Key = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    [Theory]
    [InlineData("foo", "[0]: Invalid value: \"foo\": name is neither a standard finalizer name nor is it fully qualified")]
    [InlineData("/x", ": Invalid value: \"/x\": prefix part must be non-empty")]
    [InlineData("a b", ": Invalid value: \"a b\": name part must " + QualifiedForm, "[0]: Invalid value: \"a b\": name is neither a standard finalizer name nor is it fully qualified")]
    [InlineData("a/b/c", ": Invalid value: \"a/b/c\": a qualified name must " + QualifiedForm + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("", ": Invalid value: \"\": name part must be non-empty", ": Invalid value: \"\": name part must " + QualifiedForm, "[0]: Invalid value: \"\": name is neither a standard finalizer name nor is it fully qualified")]
    public void A_finalizer_says_whose_it_is(string finalizer, params string[] why) =>
        Refused(Post($"{ConfigMaps}?dryRun=All", ConfigMap(NewName(), $$""" "finalizers":["{{finalizer}}"] """)), [.. why.Select(text => "metadata.finalizers" + text)]);

    [Fact]
    public void Dependents_are_not_both_left_and_deleted() => Refused(
        Post($"{ConfigMaps}?dryRun=All", ConfigMap(NewName(), """ "finalizers":["orphan","foregroundDeletion"] """)),
        "metadata.finalizers: Invalid value: []string{\"orphan\", \"foregroundDeletion\"}: finalizer orphan and foregroundDeletion cannot be both set");

    [Theory]
    [InlineData("a/b/c", "a qualified name must " + QualifiedForm + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")]
    [InlineData("", "name part must be non-empty", "name part must " + QualifiedForm)]
    [InlineData("-a", "name part must " + QualifiedForm)]
    public void A_key_is_a_qualified_name(string key, params string[] why)
    {
        foreach (var field in (string[])["labels", "annotations"])
        {
            Refused(Post($"{ConfigMaps}?dryRun=All", ConfigMap(NewName(), $$""" "{{field}}":{"{{key}}":"v"} """)), [.. why.Select(text => $"metadata.{field}: Invalid value: \"{key}\": {text}")]);
        }
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-start")]
    [InlineData("end-")]
    [InlineData("two..dots")]
    [InlineData("slash/ed")]
    public void A_name_must_be_a_subdomain(string name) => Refused("/configmaps", "ConfigMap", name, Subdomain);

    [Fact]
    public void A_name_has_at_most_253_characters() => Refused("/configmaps", "ConfigMap", new('a', 254), "must be no more than 253 characters");

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("1")]
    [InlineData("a-1.b-2")]
    public void Subdomains_are_names(string name) => Post(ConfigMaps + "?dryRun=All", ConfigMap(name)).Created();

    [Theory]
    [InlineData("1st")]
    [InlineData("a.b")]
    [InlineData("A")]
    public void A_service_is_called_as_in_DNS(string name) => Refused("/services", "Service", name, ServiceName, """ "spec":{"ports":[{"port":1}]} """);

    [Fact]
    public void A_namespace_is_called_by_one_label()
    {
        var answer = Post("/api/v1/namespaces?dryRun=All", Object("v1", "Namespace", "a.b"));
        answer.Fails(422, "Invalid", $"Namespace \"a.b\" is invalid: metadata.name: Invalid value: \"a.b\": {Label}");
    }

    [Fact]
    public void A_role_may_be_called_nearly_anything() =>
        Post($"/apis/rbac.authorization.k8s.io/v1/namespaces/{Server.Namespace}/roles?dryRun=All", Object("rbac.authorization.k8s.io/v1", "Role", "system:Some_Thing")).Created();

    [Theory]
    [InlineData("in valid", "metadata.labels: Invalid value: \"in valid\": " + NamePart)]
    [InlineData("/x", "metadata.labels: Invalid value: \"/x\": prefix part must be non-empty")]
    [InlineData("a/", "[metadata.labels: Invalid value: \"a/\": name part must be non-empty, metadata.labels: Invalid value: \"a/\": " + NamePart + "]")]
    [InlineData("Up.Per/x", "metadata.labels: Invalid value: \"Up.Per/x\": prefix part " + Subdomain)]
    public void A_label_has_a_qualified_name(string key, string why)
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, $$""" "labels":{"{{key}}":"v"} """)).Fails(422, "Invalid", $"ConfigMap \"{name}\" is invalid: {why}");
    }

    [Theory]
    [InlineData("in valid", LabelValue)]
    [InlineData("-x", LabelValue)]
    [InlineData("a/b", LabelValue)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", "must be no more than 63 characters")]
    public void A_label_has_a_short_value(string value, string why)
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, $$""" "labels":{"k":"{{value}}"} """)).Fails(422, "Invalid", $"ConfigMap \"{name}\" is invalid: metadata.labels: Invalid value: \"{value}\": {why}");
    }

    [Fact]
    public void An_annotation_has_a_qualified_name()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, """ "annotations":{"in valid":"v"} """)).Fails(422, "Invalid", $"ConfigMap \"{name}\" is invalid: metadata.annotations: Invalid value: \"in valid\": {NamePart}");
    }

    [Fact]
    public void Annotations_have_a_limit()
    {
        var answer = Post(ConfigMaps, ConfigMap(NewName(), $$""" "annotations":{"a":"{{new string('x', 262144)}}"} """));
        answer.Invalid(("metadata.annotations", "FieldValueTooLong"));
    }

    [Fact]
    public void A_finalizer_has_a_qualified_name() => Post(ConfigMaps, ConfigMap(NewName(), """ "finalizers":["in valid"] """)).Fails(422, "Invalid");

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void A_key_of_a_config_map_has_few_characters(string key)
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, data: $$""" "{{key}}":"1" """)).Fails(422, "Invalid", $"ConfigMap \"{name}\" is invalid: data[{key}]: Invalid value: \"{key}\": {Key}");
    }

    [Fact]
    public void A_container_is_called_by_one_label()
    {
        var name = NewName();
        var answer = Post(Core + "/pods?dryRun=All", Object("v1", "Pod", name, """ "spec":{"containers":[{"name":"A_b","image":"a:1"}]} """));
        answer.Fails(422, "Invalid", $"Pod \"{name}\" is invalid: spec.containers[0].name: Invalid value: \"A_b\": {Label}");
    }

    [Fact]
    public void A_name_is_generated()
    {
        var (first, second) = (Generate("gen-"), Generate("gen-"));
        Assert.Matches("^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$", first["metadata.name"]);
        Assert.Equal("gen-", first["metadata.generateName"]);
        Assert.NotEqual(first["metadata.name"], second["metadata.name"]);
    }

    [Fact]
    public void A_long_base_of_a_generated_name_is_cut() => Assert.Equal(63, Generate(new('g', 80))["metadata.name"]!.Length);

    [Fact]
    public void A_given_name_comes_before_a_generated_one()
    {
        var name = NewName();
        Assert.Equal(name, Post(ConfigMaps, ConfigMap(name, """ "generateName":"gen-" """)).Created()["metadata.name"]);
    }

    [Fact]
    public void A_base_that_leads_to_no_name_is_invalid() => Post(ConfigMaps, """{"metadata":{"generateName":"Up"} }""").Fails(422, "Invalid");

    private ApiAnswer Generate(string start) => Post(ConfigMaps, $$"""{"metadata":{"generateName":"{{start}}" } }""").Created();

    private void Refused(string path, string kind, string name, string why, string rest = "")
    {
        var answer = Post(Core + path + "?dryRun=All", Object("v1", kind, name, rest));
        answer.Fails(422, "Invalid", $"{kind} \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\": {why}");
        Assert.Equal((name, kind), (answer["details.name"], answer["details.kind"]));
    }
}

/// <inheritdoc/>
public sealed class SandboxNames(SandboxUnderTest server) : NameChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabNames(LabUnderTest server) : NameChecks(server), IClassFixture<LabUnderTest>;
