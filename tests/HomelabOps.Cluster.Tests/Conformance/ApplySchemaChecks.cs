using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Server-side apply holds what is sent against the schema of its kind.</summary>
public abstract class ApplySchemaChecks(ServerUnderTest server) : CustomKindChecks(server, "fittings")
{
    private const string DeploymentKind = "apps/v1, Kind=Deployment";

    private const string CustomFields = """
        {
          "text": { "type": "string" }, "number": { "type": "integer" }, "date": { "type": "string", "format": "date-time" },
          "free": { "type": "object" }, "any": { "x-kubernetes-preserve-unknown-fields": true },
          "open": { "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": { "inner": { "type": "object", "properties": { "a": { "type": "string" } } } } },
          "map": { "type": "object", "additionalProperties": { "type": "string" } },
          "list": { "type": "array", "items": { "type": "object", "properties": { "a": { "type": "string" } } } },
          "set": { "type": "array", "x-kubernetes-list-type": "set", "items": { "type": "string" } },
          "keyed": {
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
            "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "a": { "type": "string" } } }
          },
          "whole": { "type": "object", "x-kubernetes-embedded-resource": true, "properties": { "spec": { "type": "object", "properties": { "a": { "type": "string" } } } } }
        }
        """;

    private string Deployments => Apps + "/deployments";

    [Theory]
    [InlineData(""" "replicaz":2 """, ".spec.replicaz: field not declared in schema")]
    [InlineData(""" "replicaz":null """, ".spec.replicaz: field not declared in schema")]
    [InlineData(""" "paused":1 """, ".spec.paused: expected boolean, got &{1}")]
    [InlineData(""" "paused":{"b":[1,"x",null],"a":true} """, ".spec.paused: expected boolean, got &{map[a:true b:[1 x <nil>]]}")]
    [InlineData(""" "strategy":"x" """, ".spec.strategy: expected map, got &{x}")]
    [InlineData(""" "strategy":[] """, ".spec.strategy: expected map, got &{[]}")]
    [InlineData(""" "strategy":{"type":3} """, ".spec.strategy.type: expected string, got &value.valueUnstructured{Value:3}")]
    public void A_Deployment_must_fit_its_schema(string spec, string why) => Refuse(Deployment(NewName("d"), spec), why);

    [Theory]
    [InlineData(""" "initContainers":{"a":"b"} """, "initContainers: expected list, got &{map[a:b]}")]
    [InlineData(""" "initContainers":["a"] """, "initContainers: element 0: associative list with keys may not have non-map elements")]
    [InlineData(""" "initContainers":[null] """, "initContainers: element 0: associative list with keys may not have a null element")]
    [InlineData(""" "initContainers":[{"name":"a"},{"name":"a"}] """, "initContainers: duplicate entries for key [name=\"a\"]")]
    [InlineData(""" "initContainers":[{"name":"a","imagee":"b"}] """, "initContainers[name=\"a\"].imagee: field not declared in schema")]
    [InlineData(""" "initContainers":[{"name":"a","image":["b",{"c":null}]}] """, "initContainers[name=\"a\"].image: expected string, got &value.valueUnstructured{Value:[]interface {}{\"b\", map[string]interface {}{\"c\":interface {}(nil)}}}")]
    [InlineData(""" "initContainers":[{"name":"a","command":["b",true]}] """, "initContainers[name=\"a\"].command[1]: expected string, got &value.valueUnstructured{Value:true}")]
    [InlineData(""" "tolerations":[{"key":"a"},{"kee":"a"}] """, "tolerations[1].kee: field not declared in schema")]
    public void A_pod_must_fit_its_schema(string pod, string why) => Refuse(Deployment(NewName("d"), pod: pod), ".spec.template.spec." + why);

    [Theory]
    [InlineData("\"lots\"", "string")]
    [InlineData("true", "bool")]
    [InlineData("{}", "map[string]interface {}")]
    [InlineData("[1]", "[]interface {}")]
    public void What_is_no_number_is_named(string value, string type) =>
        Refuse(Deployment(NewName("d"), $$""" "minReadySeconds":{{value}} """), $".spec.minReadySeconds: expected numeric (int or float), got {Since(VersionDifference.AppliedTypeNamed, type, "*value.valueUnstructured")}");

    [Theory]
    [InlineData(""" "foo":1 """, "", ".metadata.foo: field not declared in schema")]
    [InlineData(""" "labels":{"a":1} """, "", ".metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData(""" "finalizers":"x" """, "", ".metadata.finalizers: expected list, got &{x}")]
    [InlineData("", """ "foo":1 """, ".foo: field not declared in schema")]
    [InlineData("", """ "status":{"foo":1} """, ".status.foo: field not declared in schema")]
    public void All_parts_of_an_object_must_fit(string metadata, string rest, string why) => Refuse(Object("v1", "Service", NewName("s"), rest, metadata), why, Core + "/services", "/v1, Kind=Service");

    [Fact]
    public void All_that_does_not_fit_is_told()
    {
        var message = Send(Object("apps/v1", "Deployment", NewName("d"), """ "spec":{"paused":1,"strategy":2,"selector":{"what":3} } """)).Fails(500, "")["message"]!;
        var lines = message.Split('\n');
        Assert.EndsWith(": errors:", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["  .spec.paused: expected boolean, got &{1}", "  .spec.selector.what: field not declared in schema", "  .spec.strategy: expected map, got &{2}"],
            lines[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_several_unknown_fields_of_an_object_one_is_told() =>
        Assert.Matches(@": \.spec\.(one|two): field not declared in schema$", Send(Deployment(NewName("d"), """ "one":1,"two":2 """)).Fails(500, "")["message"]);

    [Theory]
    [InlineData("Ignore")]
    [InlineData("Warn")]
    [InlineData("Strict")]
    public void What_the_client_wishes_for_unknown_fields_does_not_matter(string validation) => Refuse(Deployment(NewName("d"), """ "replicaz":2 """), ".spec.replicaz: field not declared in schema", query: "&fieldValidation=" + validation);

    [Theory]
    [InlineData(""" "strategy":null,"minReadySeconds":null """, "")]
    [InlineData(""" "strategy":{"rollingUpdate":{"maxSurge":"50%","maxUnavailable":1} } """, "")]
    [InlineData("", """ "initContainers":[{"name":"i","image":"b","resources":{"limits":null},"ports":[{"containerPort":1}]}],"hostAliases":null """)]
    public void What_fits_is_applied(string spec, string pod) => Send(Deployment(NewName("d"), spec, pod), query: "&dryRun=All").Created();

    [Theory]
    [InlineData("1")]
    [InlineData("1.5")]
    public void A_quantity_may_be_a_number(string amount)
    {
        var answer = Send(Deployment(NewName("d"), pod: $$""" "initContainers":[{"name":"i","image":"b","resources":{"limits":{"cpu":{{amount}} } } }] """), query: "&dryRun=All");
        Assert.Equal(Since(VersionDifference.AppliedQuantities, 201, 500), answer.Status);
    }

    [Theory]
    [InlineData(""" "minReadySeconds":1.5 """, "cannot convert float64 to int32")]
    [InlineData(""" "strategy":{"rollingUpdate":{"maxSurge":1.5} } """, "json: cannot unmarshal number 1.5 into Go value of type int32")]
    [InlineData(""" "strategy":{"rollingUpdate":{"maxSurge":true} } """, "json: cannot unmarshal bool into Go value of type int32")]
    public void What_fits_the_schema_must_fit_the_type(string spec, string why)
    {
        var name = NewName("d");
        Send(Deployment(name, spec)).Fails(500, "", $"failed to convert new object{Named(name, DeploymentKind)} to proper version: unable to convert unstructured object to {DeploymentKind}: {why}");
    }

    [Fact]
    public void A_quantity_and_the_bytes_of_a_secret_must_be_such()
    {
        var name = NewName("d");
        Send(Deployment(name, pod: """ "initContainers":[{"name":"a","image":"b","resources":{"limits":{"cpu":"x"} } }] """)).Fails(
            500, "", $"failed to convert new object{Named(name, DeploymentKind)} to proper version: unable to convert unstructured object to {DeploymentKind}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        Send(Object("v1", "Secret", name, """ "data":{"a":"***"} """), Core + "/secrets").Fails(
            500, "", $"failed to convert new object{Named(name, "/v1, Kind=Secret")} to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 0");
    }

    [Theory]
    [InlineData(""" "what":1 """, "what: field not declared in schema")]
    [InlineData(""" "text":1 """, "text: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData(""" "date":5 """, "date: expected string, got &value.valueUnstructured{Value:5}")]
    [InlineData(""" "free":"x" """, "free: expected map, got &{x}")]
    [InlineData(""" "map":{"a":1} """, "map.a: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData(""" "list":[{"b":1}] """, "list[0].b: field not declared in schema")]
    [InlineData(""" "set":["a","a"] """, "set: duplicate entries for key [=\"a\"]")]
    [InlineData(""" "set":[1] """, "set[=1]: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData(""" "set":[{}] """, "set: element 0: associative list without keys has an element that's a map type")]
    [InlineData(""" "set":[null] """, "set: element 0: associative list without keys has an element that's an explicit null")]
    [InlineData(""" "keyed":[{"id":"x","b":1}] """, "keyed[id=\"x\"].b: field not declared in schema")]
    [InlineData(""" "keyed":[{"a":"x"}] """, "keyed: element 0: associative list with keys has an element that omits key field \"id\" (and doesn't have default value)")]
    [InlineData(""" "whole":{"apiVersion":"v1","kind":"X","metadata":{"foo":1} } """, "whole.metadata.foo: field not declared in schema")]
    [InlineData(""" "whole":{"apiVersion":"v1","kind":"X","foo":1} """, "whole.foo: field not declared in schema")]
    public void A_custom_resource_must_fit_its_schema(string spec, string why) => RefuseCustom(Fitting(spec), ".spec." + why);

    [Fact]
    public void Status_and_metadata_of_a_custom_resource_must_fit()
    {
        var (group, name) = (Group(), NewName("f"));
        RefuseCustom(Object($"{group}/v1", "Fitting", name, """ "status":{"what":1} """), ".status.what: field not declared in schema");
        RefuseCustom(Object($"{group}/v1", "Fitting", name, metadata: """ "what":1 """), ".metadata.what: field not declared in schema");
        RefuseCustom(Object($"{group}/v1", "Fitting", name, """ "what":1 """), ".what: field not declared in schema");
    }

    [Theory]
    [InlineData(""" "free":{"a":1} """, """{"free":{}}""")]
    [InlineData(""" "open":{"a":1} """, """{"open":{"a":1}}""")]
    [InlineData(""" "open":{"inner":{"b":1} } """, """{"open":{"inner":{}}}""")]
    [InlineData(""" "any":{"a":1} """, """{"any":{"a":1}}""")]
    [InlineData(""" "any":5 """, """{"any":5}""")]
    public void What_a_custom_kind_leaves_open_fits_and_is_pruned(string spec, string kept) => Assert.Equal(kept, Send(Fitting(spec), Fittings, "&dryRun=All").Created()["spec"]);

    [Theory]
    [InlineData("Warn")]
    [InlineData("Ignore")]
    [InlineData("Strict")]
    public void Unknown_fields_of_custom_resources_are_dropped_or_refused_as_wished(string validation)
    {
        var (group, name) = (Group(), NewName("f"));
        var isRefused = Since(VersionDifference.FieldValidation, validation == "Strict", false);
        var created = Post($"{Fittings}?fieldValidation={validation}", Object($"{group}/v1", "Fitting", name, """ "spec":{"nothing":1} """));
        if (isRefused)
        {
            created.Fails(400, "BadRequest");
            Assert.Equal("Fitting in version \"v1\" cannot be handled as a Fitting: strict decoding error: unknown field \"spec.nothing\"", created["message"]);
            Post(Fittings, Object($"{group}/v1", "Fitting", name)).Created();
        }

        var patched = Patch($"{Fittings}/{name}?fieldValidation={validation}", """{"spec":{"nothing":1} }""");
        if (isRefused)
        {
            // The patch is read; it is what comes of it that has the field.
            patched.Fails(422, "Invalid");
            Assert.EndsWith(": strict decoding error: unknown field \"spec.nothing\"", patched["message"], StringComparison.Ordinal);
        }
        else
        {
            Assert.Null(patched.Ok()["spec.nothing"]);
        }
    }

    private string Fittings => $"/apis/{Group()}/v1/namespaces/{Server.Namespace}/fittings";

    private string Fitting(string spec) => Object($"{Group()}/v1", "Fitting", NewName("f"), $$""" "spec":{ {{spec}} } """);

    private void RefuseCustom(string body, string why) => Refuse(body, why, Fittings, $"{Group()}/v1, Kind=Fitting");

    private void Refuse(string body, string why, string? collection = null, string kind = DeploymentKind, string query = "")
    {
        var name = (string)JsonNode.Parse(body)!["metadata"]!["name"]!;
        Send(body, collection, query).Fails(500, "", $"failed to create typed patch object{Named(name, kind)}: {why}");
        Get($"{collection ?? Deployments}/{name}").Fails(404, "NotFound");
    }

    private string Named(string name, string kind) => Since(VersionDifference.AppliedObjectNamed, $" ({Server.Namespace}/{name}; {kind})", "");

    // The message names the namespace that the body says.
    private ApiAnswer Send(string body, string? collection = null, string query = "")
    {
        var item = JsonNode.Parse(body)!;
        item["metadata"]!["namespace"] = Server.Namespace;
        return Apply($"{collection ?? Deployments}/{item["metadata"]!["name"]}", item.ToJsonString(), "one", query);
    }

    /// <inheritdoc/>
    protected override string Definition(string group)
    {
        var schema = $$"""{"type":"object","properties":{"spec":{"type":"object","properties":{{CustomFields}} },"status":{"type":"object","properties":{"a":{"type":"string"} } } } }""";
        return Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", $"fittings.{group}", $$""" "spec":{"group":"{{group}}","scope":"Namespaced","names":{"plural":"fittings","singular":"fitting","kind":"Fitting","listKind":"FittingList"},"versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{} },"schema":{"openAPIV3Schema":{{schema}} } }]} """);
    }
}

/// <inheritdoc/>
public sealed class SandboxApplySchema(SandboxUnderTest server) : ApplySchemaChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabApplySchema(LabUnderTest server) : ApplySchemaChecks(server), IClassFixture<LabUnderTest>;
