using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;
using HomelabOps.Sandbox.Apply;

namespace HomelabOps.Sandbox.Tests.Apply;

public sealed class ServerSideApplyTests
{
    private const string Time = "2026-01-02T03:04:05Z";

    [Fact]
    public void Who_applies_owns_what_he_names()
    {
        var node = Apply(null, ConfigMap("""{"a":"1","b":"1"}"""), "one");
        AssertJson("""{"a":"1","b":"1"}""", node["data"]);
        AssertJson("""[{"manager":"one","operation":"Apply","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{},"f:b":{}}}}]""", node["metadata"]!["managedFields"]);
    }

    [Fact]
    public void Another_value_of_an_owned_field_is_a_conflict()
    {
        var node = Apply(null, ConfigMap("""{"a":"1","b":"1"}"""), "one");
        var error = Assert.Throws<ApplyConflictException>(() => Apply(node, ConfigMap("""{"a":"2"}"""), "two"));
        Assert.Equal(409, error.Status);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.a", error.Message);
        AssertJson("""[{"reason":"FieldManagerConflict","message":"conflict with \"one\"","field":".data.a"}]""", error.Causes);

        error = Assert.Throws<ApplyConflictException>(() => Apply(node, ConfigMap("""{"a":"2","b":"2"}"""), "two"));
        Assert.Equal("Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b", error.Message);
    }

    [Fact]
    public void An_empty_object_is_owned_as_such()
    {
        var node = Apply(null, ConfigMap("{}"), "one");
        AssertFields(node, "one", """{"f:data":{}}""");
        AssertJson("{}", node["data"]);
    }

    [Fact]
    public void Force_takes_the_field()
    {
        var node = Apply(Apply(null, ConfigMap("""{"a":"1","b":"1"}"""), "one"), ConfigMap("""{"a":"2"}"""), "two", force: true);
        AssertJson("""{"a":"2","b":"1"}""", node["data"]);
        AssertFields(node, "one", """{"f:data":{"f:b":{}}}""");
        AssertFields(node, "two", """{"f:data":{"f:a":{}}}""");
    }

    [Fact]
    public void The_same_value_is_owned_together_and_stays_until_the_last_drops_it()
    {
        var node = Apply(Apply(null, ConfigMap("""{"a":"1","b":"1"}"""), "one"), ConfigMap("""{"a":"1"}"""), "two");
        node = Apply(node, ConfigMap("""{"b":"1"}"""), "one");
        AssertJson("""{"a":"1","b":"1"}""", node["data"]);
        node = Apply(node, Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}"""), "two");
        AssertJson("""{"b":"1"}""", node["data"]);
        Assert.Single(node["metadata"]!["managedFields"]!.AsArray());
    }

    [Fact]
    public void What_an_update_owns_survives_that_its_neighbours_go()
    {
        var node = Apply(null, ConfigMap("""{"a":"1"}"""), "one");
        node = Update(node, changed => changed["data"]!["e"] = "1", "kubectl-edit");
        AssertFields(node, "kubectl-edit", """{"f:data":{"f:e":{}}}""");

        node = Apply(node, Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}"""), "one");
        AssertJson("""{"e":"1"}""", node["data"]);
        AssertFields(node, "one", null);
    }

    [Fact]
    public void An_object_that_another_owns_stays_when_it_is_emptied()
    {
        var node = Node("""{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"m"},"template":{"spec":{"securityContext":{}}}}""");
        Track(null, node, "creator");
        node = Apply(node, Node("""{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"m"},"template":{"spec":{"securityContext":{"runAsUser":1},"dnsConfig":{"nameservers":["a"]}}}}"""), "one");
        node = Apply(node, Node("""{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"m"}}"""), "one");
        AssertJson("""{"spec":{"securityContext":{}}}""", node["template"]);
        AssertFields(node, "creator", """{"f:template":{"f:spec":{"f:securityContext":{}}}}""");
    }

    [Fact]
    public void An_update_takes_what_it_changes_and_removes()
    {
        var node = Apply(null, ConfigMap("""{"a":"1","b":"1","c":"1"}"""), "one");
        node = Update(node, changed => changed["data"] = Node("""{"a":"2","b":"1"}"""), "curl");
        AssertFields(node, "one", """{"f:data":{"f:b":{}}}""");
        AssertFields(node, "curl", """{"f:data":{"f:a":{}}}""");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"curl\" using v1: .data.a",
            Assert.Throws<ApplyConflictException>(() => Apply(node, ConfigMap("""{"a":"3"}"""), "one")).Message);
    }

    [Fact]
    public void A_new_object_of_an_update_is_owned_by_its_creator()
    {
        var node = Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","labels":{"x":"y"}},"data":{"a":"1"}}""");
        Track(null, node, "poster");
        AssertFields(node, "poster", """{"f:data":{".":{},"f:a":{}},"f:metadata":{"f:labels":{".":{},"f:x":{}}}}""");
    }

    [Fact]
    public void Owners_that_were_stripped_are_not_kept_again_before_the_first_apply()
    {
        foreach (var reset in (string[])["[]", "[{}]"])
        {
            var node = Apply(null, ConfigMap("""{"a":"1"}"""), "one");
            node = Update(node, changed => changed["metadata"]!["managedFields"] = JsonNode.Parse(reset), "curl");
            Assert.Null(node["metadata"]!["managedFields"]);
            node = Update(node, changed => changed["data"]!["b"] = "1", "curl");
            Assert.Null(node["metadata"]!["managedFields"]);
            Assert.Equal("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.a",
                Assert.Throws<ApplyConflictException>(() => Apply(node, ConfigMap("""{"a":"2"}"""), "one")).Message);
        }
    }

    [Fact]
    public void A_client_that_does_not_know_of_owners_loses_none()
    {
        var node = Apply(null, ConfigMap("""{"a":"1"}"""), "one");
        foreach (var sent in (string[])["null", """[{"manager":"x","operation":"Nonsense"}]"""])
        {
            AssertFields(Update(node, changed => changed["metadata"]!["managedFields"] = JsonNode.Parse(sent), "old"), "one", """{"f:data":{"f:a":{}}}""");
        }
    }

    [Fact]
    public void Nothing_changes_when_the_same_is_applied_again()
    {
        var node = Apply(null, ConfigMap("""{"a":"1"}"""), "one");
        AssertJson(node.ToJsonString(), ServerSideApply.Apply(node, ConfigMap("""{"a":"1"}"""), Schema(node), Manager("one", true), hasStatus: false, force: false, "2030-01-01T00:00:00Z"));
    }

    [Fact]
    public void Elements_of_lists_have_their_own_owners()
    {
        var node = Apply(null, Template("""[{"name":"a","image":"a:1","env":[{"name":"X","value":"1"}],"command":["x"]}]"""), "one");
        AssertFields(node, "one", """{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:command":{},"f:env":{"k:{\"name\":\"X\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{}}}}}}""");

        node = Apply(node, Template("""[{"name":"b","image":"b:1"},{"name":"a","image":"a:1"}]"""), "two");
        node = Apply(node, Template("""[{"name":"b","image":"b:1"}]"""), "one");
        AssertJson("""[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]""", node["template"]!["spec"]!["containers"]);
        var error = Assert.Throws<ApplyConflictException>(() => Apply(node, Template("""[{"name":"a","image":"a:3"}]"""), "three"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"two\": .template.spec.containers[name=\"a\"].image", error.Message);
    }

    [Fact]
    public void A_key_of_an_element_may_have_a_default()
    {
        var node = Apply(null, Template("""[{"name":"a","ports":[{"containerPort":80}]}]"""), "one");
        AssertFields(node, "one", """{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}""");
    }

    [Fact]
    public void Values_of_a_set_have_their_own_owners()
    {
        var node = Apply(null, Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","finalizers":["a/b","c/d"]}}"""), "one");
        node = Apply(node, Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","finalizers":["c/d","e/f"]}}"""), "two");
        AssertFields(node, "two", """{"f:metadata":{"f:finalizers":{"v:\"c/d\"":{},"v:\"e/f\"":{}}}}""");
        node = Apply(node, Node("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}"""), "one");
        AssertJson("""["c/d","e/f"]""", node["metadata"]!["finalizers"]);
    }

    [Fact]
    public void An_atomic_object_has_one_owner()
    {
        var schema = PatchSchema.FromOpenApi(Node("""{"properties":{"spec":{"properties":{"selector":{"type":"object","x-kubernetes-map-type":"atomic"},"free":{"type":"object","additionalProperties":{"type":"object"}}}}}}"""));
        var node = ServerSideApply.Apply(null, Node("""{"apiVersion":"v1","kind":"T","metadata":{"name":"t"},"spec":{"selector":{"a":"1","b":"2"},"free":{"x":{"y":1}}}}"""), schema, Manager("one", true), false, false, Time);
        AssertFields(node, "one", """{"f:spec":{"f:free":{"f:x":{".":{},"f:y":{}}},"f:selector":{}}}""");
        node = ServerSideApply.Apply(node, Node("""{"apiVersion":"v1","kind":"T","metadata":{"name":"t"},"spec":{"selector":{"a":"2"}}}"""), schema, Manager("one", true), false, false, Time);
        AssertJson("""{"selector":{"a":"2"}}""", node["spec"]);
    }

    [Fact]
    public void The_status_is_applied_apart()
    {
        var applied = Node("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s","labels":{"a":"b"}},"spec":{"type":"ClusterIP"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}""");
        var schema = BuiltInSchemas.Require("v1", "Service");
        var node = ServerSideApply.Apply(null, applied, schema, Manager("one", true), hasStatus: true, force: false, Time);
        Assert.Null(node["status"]);
        AssertFields(node, "one", """{"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:type":{}}}""");

        node = ServerSideApply.Apply(node, applied, schema, Manager("one", true) with { Subresource = "status" }, hasStatus: true, force: false, Time);
        Assert.Equal(2, node["metadata"]!["managedFields"]!.AsArray().Count);
        var status = node["metadata"]!["managedFields"]!.AsArray().Single(entry => (string?)entry!["subresource"] == "status");
        AssertJson("""{"f:status":{"f:conditions":{"k:{\"type\":\"Ready\"}":{".":{},"f:status":{},"f:type":{}}}}}""", status!["fieldsV1"]);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"m"}}""", "Incorrect version specified in apply patch. Specified patch version: v2, expected: v1")]
    [InlineData("""{"metadata":{"name":"m"}}""", "Incorrect version specified in apply patch. Specified patch version: , expected: v1")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","managedFields":[]}}""", "metadata.managedFields must be nil")]
    public void A_configuration_that_is_not_valid_is_refused(string applied, string message)
    {
        var error = Assert.Throws<ApplyException>(() => ServerSideApply.Apply(null, Node(applied), PatchSchema.Plain, Manager("one", true), false, false, Time));
        Assert.Equal((400, message), (error.Status, error.Message));
    }

    [Fact]
    public void The_oldest_updates_are_joined_when_there_are_too_many()
    {
        var node = ConfigMap("""{"a":"1"}""");
        Track(null, node, "first");
        for (var index = 0; index < 12; index++)
        {
            var change = index;
            node = Update(node, changed => changed["data"]![$"k{change}"] = "1", $"m{index:00}", $"2026-01-02T04:{index:00}:00Z");
        }

        var managers = node["metadata"]!["managedFields"]!.AsArray().Select(entry => (string)entry!["manager"]!).ToArray();
        Assert.Equal(10, managers.Length);
        Assert.Contains("ancient-changes", managers);
        AssertFields(node, "ancient-changes", """{"f:data":{".":{},"f:a":{},"f:k0":{},"f:k1":{},"f:k2":{}}}""");
    }

    [Theory]
    [InlineData("kubectl/v1.32.4 (linux/amd64) kubernetes/x", "kubectl")]
    [InlineData("curl", "curl")]
    [InlineData("", "unknown")]
    [InlineData(null, "unknown")]
    public void A_manager_without_a_name_has_that_of_its_user_agent(string? userAgent, string name) => Assert.Equal(name, ManagerIdentity.NameFrom(userAgent));

    private static JsonObject Apply(JsonObject? live, JsonObject applied, string manager, bool force = false) =>
        ServerSideApply.Apply(live, applied, Schema(applied), Manager(manager, true), hasStatus: false, force, Time);

    private static JsonObject Update(JsonObject live, Action<JsonObject> change, string manager, string time = Time)
    {
        var after = (JsonObject)live.DeepClone();
        change(after);
        Track(live, after, manager, time);
        return after;
    }

    private static void Track(JsonObject? before, JsonObject after, string manager, string time = Time) =>
        ServerSideApply.Track(before, after, Schema(after), Manager(manager, false), time);

    private static ManagerIdentity Manager(string name, bool isApply) => new(name, isApply, "v1");

    private static PatchSchema Schema(JsonObject node) => BuiltInSchemas.Require((string)node["apiVersion"]!, (string)node["kind"]!);

    private static JsonObject ConfigMap(string data) => Node($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{{data}} }""");

    private static JsonObject Template(string containers) => Node($$"""{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"m"},"template":{"spec":{"containers":{{containers}} } } }""");

    private static JsonObject Node(string json) => JsonNode.Parse(json)!.AsObject();

    private static void AssertFields(JsonObject node, string manager, string? fields)
    {
        var entry = node["metadata"]!["managedFields"]?.AsArray().SingleOrDefault(entry => (string?)entry!["manager"] == manager);
        AssertJson(fields ?? "null", entry?["fieldsV1"]);
    }

    private static void AssertJson(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString() ?? "null");
}
