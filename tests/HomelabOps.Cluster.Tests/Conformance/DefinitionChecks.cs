using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Custom kinds: how they are defined, and what their schemas do.</summary>
public abstract class DefinitionChecks(ServerUnderTest server) : CustomKindChecks(server, "things")
{
    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "spec": {
              "type": "object",
              "required": ["size"],
              "properties": {
                "size": { "type": "integer", "minimum": 1, "maximum": 10 },
                "color": { "type": "string", "enum": ["red", "blue"], "default": "red" },
                "name": { "type": "string", "pattern": "^[a-z]+$", "maxLength": 5 },
                "replicas": { "type": "integer" },
                "tags": { "type": "array", "maxItems": 2, "items": { "type": "string" } },
                "since": { "type": "string", "format": "date-time" },
                "address": { "type": "string", "format": "ipv4" },
                "wait": { "type": "string", "format": "duration" },
                "port": { "x-kubernetes-int-or-string": true },
                "nothing": { "type": "string", "nullable": true },
                "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
                "map": { "type": "object", "additionalProperties": { "type": "integer" } },
                "steps": {
                  "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
                  "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "kind": { "type": "string", "default": "plain" } } }
                }
              }
            },
            "status": { "type": "object", "properties": { "replicas": { "type": "integer" }, "selector": { "type": "string" }, "phase": { "type": "string" } } }
          }
        }
        """;

    [Fact]
    public void A_definition_is_established_and_its_kind_discovered()
    {
        var group = Group();
        var definition = Get($"{Definitions}/things.{group}").Ok();
        Assert.Equal(("Thing", """["v1"]"""), (definition["status.acceptedNames.kind"], definition["status.storedVersions"]));
        Assert.Contains("""customresourcecleanup.apiextensions.k8s.io""", definition["metadata.finalizers"] ?? """customresourcecleanup.apiextensions.k8s.io""", StringComparison.Ordinal);
        var conditions = definition.At("status.conditions")!.AsArray().Select(item => $"{item!["type"]}={item["status"]}").Order(StringComparer.Ordinal);
        Assert.Equal(["Established=True", "NamesAccepted=True"], conditions);
        var resources = Get($"/apis/{group}/v1").Ok().Json["resources"]!.AsArray();
        var thing = resources.Single(item => (string)item!["name"]! == "things")!;
        Assert.Equal(("Thing", "thing", true, """["th"]"""), ((string?)thing["kind"], (string?)thing["singularName"], (bool)thing["namespaced"]!, thing["shortNames"]!.ToJsonString()));
        Assert.Contains(resources, item => (string)item!["name"]! == "things/status");
        Assert.Contains(resources, item => (string)item!["name"]! == "things/scale");
    }

    [Fact]
    public void Defaults_are_put_in()
    {
        var created = New(""" "size":1,"steps":[{"id":"a"}] """).Created();
        Assert.Equal(("red", "plain"), (created["spec.color"], created["spec.steps[0].kind"]));
        Assert.Equal("1", created["metadata.generation"]);
    }

    [Fact]
    public void Unknown_fields_are_dropped_where_the_schema_does_not_keep_them()
    {
        var created = New(""" "size":1,"what":1,"free":{"what":{"ever":1} } """).Created();
        Assert.Equal((null, """{"what":{"ever":1}}"""), (created["spec.what"], created["spec.free"]));
    }

    [Theory]
    [InlineData("", "spec.size", "FieldValueRequired", "spec.size: Required value")]
    [InlineData(""" "size":0 """, "spec.size", "FieldValueInvalid", "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1")]
    [InlineData(""" "size":11 """, "spec.size", "FieldValueInvalid", "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10")]
    [InlineData(""" "size":1,"color":"green" """, "spec.color", "FieldValueNotSupported", "spec.color: Unsupported value: \"green\": supported values: \"red\", \"blue\"")]
    [InlineData(""" "size":1,"since":"yesterday" """, "spec.since", "FieldValueInvalid", "spec.since: Invalid value: \"yesterday\": spec.since in body must be of type date-time: \"yesterday\"")]
    [InlineData(""" "size":1,"since":"2024-01-01" """, "spec.since", "FieldValueInvalid", "spec.since: Invalid value: \"2024-01-01\": spec.since in body must be of type date-time: \"2024-01-01\"")]
    [InlineData(""" "size":1,"address":"2001:db8::1" """, "spec.address", "FieldValueInvalid", "spec.address: Invalid value: \"2001:db8::1\": spec.address in body must be of type ipv4: \"2001:db8::1\"")]
    [InlineData(""" "size":1,"wait":"soon" """, "spec.wait", "FieldValueInvalid", "spec.wait: Invalid value: \"soon\": spec.wait in body must be of type duration: \"soon\"")]
    [InlineData(""" "size":1,"name":"UP" """, "spec.name", "FieldValueInvalid", "spec.name: Invalid value: \"UP\": spec.name in body should match '^[a-z]+$'")]
    public void A_value_that_the_schema_does_not_allow_is_invalid(string spec, string field, string reason, string why)
    {
        var name = NewName("t");
        var answer = New(spec, name).Invalid((field, reason));
        Assert.Equal($"Thing.{Group()} \"{name}\" is invalid: {why}", answer["message"]);
        Assert.Equal((name, Group(), "Thing"), (answer["details.name"], answer["details.group"], answer["details.kind"]));
    }

    [Theory]
    [InlineData(""" "size":"1" """, "spec.size")]
    [InlineData(""" "size":1,"tags":"a" """, "spec.tags")]
    [InlineData(""" "size":1,"color":1 """, "spec.color")]
    [InlineData(""" "size":1,"map":{"a":"b"} """, "spec.map.a")]
    [InlineData(""" "size":1,"name":"abcdef" """, "spec.name")]
    [InlineData(""" "size":1,"tags":["a","b","c"] """, "spec.tags")]
    [InlineData(""" "size":1,"steps":[{}] """, "spec.steps.id")]
    public void A_value_of_another_form_is_invalid(string spec, string field)
    {
        var answer = New(spec).Fails(422, "Invalid");

        // Newer servers name the place in a list.
        Assert.Equal(field, ((string)answer.At("details.causes[0].field")!).Replace("[0]", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(""" "since":"2024-01-01t00:00:00.5+02:00" """)]
    [InlineData(""" "wait":"1h30m" """)]
    [InlineData(""" "wait":"1 hour" """)]
    public void A_value_of_the_right_format_is_taken(string spec) => New($$""" "size":1,{{spec}} """).Created();

    [Theory]
    [InlineData("80")]
    [InlineData("\"http\"")]
    public void A_number_or_a_word_is_what_it_is(string port) => Assert.Equal(port.Trim('"'), New($$""" "size":1,"port":{{port}} """).Created()["spec.port"]);

    [Fact]
    public void Null_is_dropped_unless_it_is_allowed()
    {
        var created = New(""" "size":1,"nothing":null """).Created();
        Assert.True(created.At("spec")!.AsObject().ContainsKey("nothing"));
        Assert.Equal("red", New(""" "size":1,"color":null """).Created()["spec.color"]);
    }

    [Fact]
    public void Keys_of_a_list_are_unique() => New(""" "size":1,"steps":[{"id":"a"},{"id":"a"}] """).Invalid(("spec.steps[1]", "FieldValueDuplicate"));

    [Fact]
    public void The_status_is_a_path_of_its_own()
    {
        var name = NewName("t");
        var path = $"{Things}/{name}";
        Assert.Null(Post(Things, Thing(name, """ "size":1 """, """ "status":{"phase":"x"} """)).Created()["status"]);
        Assert.Null(Patch(path, """{"status":{"phase":"x"} }""").Ok()["status"]);
        var answer = Patch(path + "/status", """{"status":{"phase":"y"},"spec":{"size":2},"metadata":{"labels":{"a":"b"} } }""").Ok();
        Assert.Equal(("y", "1", null, "1"), (answer["status.phase"], answer["spec.size"], answer["metadata.labels"], answer["metadata.generation"]));
        Assert.Equal("2", Patch(path, """{"spec":{"size":3} }""").Ok()["metadata.generation"]);
    }

    [Fact]
    public void Scale_follows_the_paths_of_the_definition()
    {
        var name = NewName("t");
        var path = $"{Things}/{name}";
        Post(Things, Thing(name, """ "size":1,"replicas":3 """)).Created();
        Patch(path + "/status", """{"status":{"replicas":2,"selector":"a=b"} }""").Ok();
        var scale = Get(path + "/scale").Ok();
        Assert.Equal(("Scale", "3", "2", "a=b"), (scale["kind"], scale["spec.replicas"], scale["status.replicas"], scale["status.selector"]));
        Patch(path + "/scale", """{"spec":{"replicas":5} }""").Ok();
        var thing = Get(path).Ok();
        Assert.Equal(("5", "2"), (thing["spec.replicas"], thing["metadata.generation"]));
    }

    [Fact]
    public void Columns_are_those_of_the_definition()
    {
        var name = NewName("t");
        Post(Things, Thing(name, """ "size":4 """)).Created();
        var table = Get($"{Things}/{name}", "application/json;as=Table;v=v1;g=meta.k8s.io").Ok();
        Assert.Equal(["Name", "Size", "Color", "Age"], table.At("columnDefinitions")!.AsArray().Select(column => (string)column!["name"]!));
        Assert.Equal(("integer", "1"), (table["columnDefinitions[1].type"], table["columnDefinitions[2].priority"]));
        Assert.Equal((name, "4", "red"), (table["rows[0].cells[0]"], table["rows[0].cells[1]"], table["rows[0].cells[2]"]));
    }

    [Fact]
    public void A_replacement_must_say_its_revision()
    {
        var name = NewName("t");
        Post(Things, Thing(name, """ "size":1 """)).Created();
        var answer = Put($"{Things}/{name}", Thing(name, """ "size":2 """)).Invalid(("metadata.resourceVersion", "FieldValueInvalid"));
        Assert.Equal($"things.{Group()} \"{name}\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update", answer["message"]);
    }

    [Fact]
    public void No_strategic_patch_is_taken()
    {
        var name = NewName("t");
        Post(Things, Thing(name, """ "size":1 """)).Created();
        Patch($"{Things}/{name}", "{}", StrategicPatch)
            .Fails(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {JsonPatch}, {MergePatch}, {ApplyPatch}");
    }

    [Fact]
    public void Deletion_gives_a_status()
    {
        var name = NewName("t");
        Post(Things, Thing(name, """ "size":1 """)).Created();
        var answer = Delete($"{Things}/{name}").Ok();
        Assert.Equal(("Status", "Success", "things", Group()), (answer["kind"], answer["status"], answer["details.kind"], answer["details.group"]));
    }

    [Fact]
    public void Apply_merges_lists_by_key()
    {
        var path = $"{Things}/{NewName("t")}";
        var name = path[(path.LastIndexOf('/') + 1)..];
        Apply(path, Thing(name, """ "size":1,"steps":[{"id":"a"}] """), "one").Created();
        var answer = Apply(path, Thing(name, """ "size":1,"steps":[{"id":"b"}] """), "two");
        if (Since(VersionDifference.AppliedCustomLists, now: true, before: false))
        {
            Assert.Equal(["a", "b"], answer.Ok().At("spec.steps")!.AsArray().Select(step => (string)step!["id"]!));
        }
        else
        {
            answer.Fails(409, "Conflict", "Apply failed with 1 conflict: conflict with \"one\": .spec.steps");
        }
    }

    [Fact]
    public void Items_of_a_list_tell_their_type()
    {
        New(""" "size":1 """).Created();
        var answer = Get(Things).Ok();
        Assert.Equal(("ThingList", "Thing", $"{Group()}/v1"), (answer["kind"], answer["items[0].kind"], answer["items[0].apiVersion"]));
    }

    [Theory]
    [InlineData("spec.group", "FieldValueRequired", """ "group":"" """)]
    [InlineData("spec.scope", "FieldValueRequired", """ "scope":"" """)]
    public void A_definition_must_be_whole(string field, string reason, string spec)
    {
        var answer = Post(Definitions, Definition(NewName("g").Replace("-", "", StringComparison.Ordinal) + ".example.org", spec)).Fails(422, "Invalid");
        Assert.Contains(answer.At("details.causes")!.AsArray(), cause => (string?)cause!["field"] == field && (string?)cause["reason"] == reason);
    }

    [Fact]
    public void A_definition_is_called_by_plural_and_group()
    {
        var body = Definition("names.example.org", "").Replace("things.names.example.org", "other.names.example.org", StringComparison.Ordinal);
        var answer = Post(Definitions, body).Fails(422, "Invalid");
        Assert.Contains("metadata.name: Invalid value: \"other.names.example.org\": must be spec.names.plural+\".\"+spec.group", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void With_its_definition_a_kind_goes()
    {
        var group = NewName("g") + ".example.org";
        Define(group);
        var path = $"/apis/{group}/v1/namespaces/{Server.Namespace}/things";
        Post(path, Thing("x", """ "size":1 """, group: group)).Created();
        Delete($"{Definitions}/things.{group}").Ok();
        Eventually(() => Get($"{Definitions}/things.{group}"), answer => answer.Status == 404);
        Eventually(() => Get(path), answer => answer.Status == 404);
    }

    [Fact]
    public void A_definition_that_goes_takes_no_objects()
    {
        var group = NewName("g") + ".example.org";
        Define(group);
        var path = $"/apis/{group}/v1/namespaces/{Server.Namespace}/things";
        Post(path, Object($"{group}/v1", "Thing", "x", """ "spec":{"size":1} """, """ "finalizers":["example.org/hold"] """)).Created();
        Delete($"{Definitions}/things.{group}").Ok();

        // A real server first says for a moment that it will begin soon.
        Eventually(() => Get($"{Definitions}/things.{group}"), answer => Terminating(answer) == "True InstanceDeletionInProgress CustomResource deletion is in progress");
        var refused = Eventually(() => Post(path, Thing(NewName("t"), """ "size":1 """, group: group)), answer => answer.Status != 201);
        refused.Fails(405, "MethodNotAllowed", "create not allowed while custom resource definition is terminating");
        Assert.Equal((group, "things"), (refused["details.group"], refused["details.kind"]));
        Patch($"{path}/x", """{"metadata":{"finalizers":null} }""").Ok();
        Eventually(() => Get($"{Definitions}/things.{group}"), answer => answer.Status == 404);
    }

    private static string? Terminating(ApiAnswer definition) => (definition.At("status.conditions") as JsonArray ?? []).Where(item => (string?)item!["type"] == "Terminating")
        .Select(item => $"{item!["status"]} {item["reason"]} {item["message"]}").FirstOrDefault();

    private string Things => $"/apis/{Group()}/v1/namespaces/{Server.Namespace}/things";

    private ApiAnswer New(string spec, string? name = null) => Post(Things, Thing(name ?? NewName("t"), spec));

    private string Thing(string name, string spec, string rest = "", string? group = null) =>
        Object($"{group ?? Group()}/v1", "Thing", name, $$""" "spec":{ {{spec}} }{{(rest.Length == 0 ? "" : "," + rest)}} """);

    /// <inheritdoc/>
    protected override string Definition(string group) => Definition(group, "");

    // What comes in spec counts instead of what is here.
    private static string Definition(string group, string spec)
    {
        var fields = new JsonObject
        {
            ["group"] = group,
            ["scope"] = "Namespaced",
            ["names"] = JsonNode.Parse("""{"plural":"things","singular":"thing","kind":"Thing","shortNames":["th"]}"""),
            ["versions"] = JsonNode.Parse($$"""
                [{
                  "name": "v1", "served": true, "storage": true,
                  "schema": { "openAPIV3Schema": {{Schema}} },
                  "subresources": { "status": {}, "scale": { "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector" } },
                  "additionalPrinterColumns": [
                    { "name": "Size", "type": "integer", "jsonPath": ".spec.size" },
                    { "name": "Color", "type": "string", "jsonPath": ".spec.color", "priority": 1 },
                    { "name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp" }
                  ]
                }]
                """),
        };
        foreach (var (name, value) in JsonNode.Parse($"{{{spec}}}")!.AsObject())
        {
            fields[name] = value?.DeepClone();
        }

        return Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", $"things.{group}", $""" "spec":{fields.ToJsonString()} """);
    }
}

/// <inheritdoc/>
public sealed class SandboxDefinition(SandboxUnderTest server) : DefinitionChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabDefinition(LabUnderTest server) : DefinitionChecks(server), IClassFixture<LabUnderTest>;
