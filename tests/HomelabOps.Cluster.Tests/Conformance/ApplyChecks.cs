using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Server-side apply and the account of who owns which fields.</summary>
public abstract class ApplyChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void Apply_creates()
    {
        var path = NewPath();
        var answer = Apply(path, Body(path, """ "a":"1" """), "one").Created();
        var owner = Assert.Single(answer.At("metadata.managedFields")!.AsArray())!.AsObject();
        Assert.Equal(("one", "Apply", "v1", "FieldsV1"), ((string?)owner["manager"], (string?)owner["operation"], (string?)owner["apiVersion"], (string?)owner["fieldsType"]));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", Normal(owner["fieldsV1"]));
        Assert.Equal(answer["metadata.creationTimestamp"], (string?)owner["time"]);
    }

    [Fact]
    public void Apply_takes_YAML()
    {
        var path = NewPath();
        Assert.Equal("1", Apply(path, $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {NameOf(path)}\ndata:\n  a: \"1\"\n", "one").Created()["data.a"]);
    }

    [Fact]
    public void The_same_apply_changes_nothing()
    {
        var path = NewPath();
        var first = Apply(path, Body(path, """ "a":"1" """), "one").Created();
        Assert.Equal(first["metadata.resourceVersion"], Apply(path, Body(path, """ "a":"1" """), "one").Ok()["metadata.resourceVersion"]);
    }

    [Fact]
    public void What_is_no_longer_applied_goes()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1","b":"2" """), "one").Created();
        Assert.Equal("""{"a":"1"}""", Apply(path, Body(path, """ "a":"1" """), "one").Ok()["data"]);
    }

    [Fact]
    public void What_another_one_applies_too_stays()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1","b":"2" """), "one").Created();
        Apply(path, Body(path, """ "b":"2" """), "two").Ok();
        Assert.Equal("""{"a":"1","b":"2"}""", Apply(path, Body(path, """ "a":"1" """), "one").Ok()["data"]);
    }

    [Fact]
    public void Another_value_is_a_conflict()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1" """), "one").Created();
        var answer = Apply(path, Body(path, """ "a":"2" """), "two").Fails(409, "Conflict", "Apply failed with 1 conflict: conflict with \"one\": .data.a");
        Assert.Equal(("FieldManagerConflict", "conflict with \"one\"", ".data.a"), (answer["details.causes[0].reason"], answer["details.causes[0].message"], answer["details.causes[0].field"]));
    }

    [Fact]
    public void Several_conflicts_are_told_together()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1","b":"1" """), "one").Created();
        Apply(path, Body(path, """ "a":"2","b":"2" """), "two").Fails(409, "Conflict", "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.a\n- .data.b");
    }

    [Fact]
    public void A_conflict_with_an_update_names_its_operation()
    {
        var path = NewPath();
        Post(ConfigMaps + "?fieldManager=edit", ConfigMap(NameOf(path))).Created();
        var message = Apply(path, Body(path, """ "a":"2" """), "two").Fails(409, "Conflict")["message"];
        Assert.Matches("^Apply failed with 1 conflict: conflict with \"edit\" using v1( at [-0-9T:Z]+)?: .data.a$", message);
    }

    [Fact]
    public void Force_takes_a_field()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1" """), "one").Created();
        Assert.Equal("2", Apply(path, Body(path, """ "a":"2" """), "two", "&force=true").Ok()["data.a"]);
        Assert.Equal(["two:Apply"], Owners(path, "a"));
    }

    [Fact]
    public void The_same_value_is_shared()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1" """), "one").Created();
        Apply(path, Body(path, """ "a":"1" """), "two").Ok();
        Assert.Equal(["one:Apply", "two:Apply"], Owners(path, "a"));
    }

    [Fact]
    public void An_update_takes_what_it_changes()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1","b":"1" """), "one").Created();
        Patch(path + "?fieldManager=edit", """{"data":{"a":"2"} }""").Ok();
        Assert.Equal(["edit:Update"], Owners(path, "a"));
        Assert.Equal(["one:Apply"], Owners(path, "b"));
    }

    [Fact]
    public void Without_a_manager_nothing_is_applied()
    {
        var path = NewPath();
        Patch(path, Body(path), ApplyPatch).Fails(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
    }

    [Theory]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("a%01b")]
    public void A_manager_has_a_short_printable_name(string manager)
    {
        var path = NewPath();
        Apply(path, Body(path), manager).Fails(422, "Invalid");
        Post($"{ConfigMaps}?fieldManager={manager}", ConfigMap(NewName())).Fails(422, "Invalid");
    }

    [Fact]
    public void Applied_managedFields_are_refused()
    {
        var path = NewPath();
        var body = $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{NameOf(path)}}","managedFields":[{"manager":"x","operation":"Apply","apiVersion":"v1"}]} }""";
        Apply(path, body, "one").Fails(400, "BadRequest", "metadata.managedFields must be nil");
    }

    [Fact]
    public void The_name_in_the_body_must_be_that_of_the_path()
    {
        var path = NewPath();
        Apply(path, ConfigMap("other"), "one").Fails(400, "BadRequest");
    }

    [Theory]
    [InlineData("""{"kind":"ConfigMap"}""")]
    [InlineData("a: [")]
    public void What_is_applied_has_a_type(string body) => Apply(NewPath(), body, "one").Fails(400, "BadRequest");

    [Fact]
    public void An_apply_may_ask_for_the_uid_of_nothing()
    {
        var path = NewPath();
        Apply(path, ConfigMap(NameOf(path), """ "uid":"11111111-1111-1111-1111-111111111111" """), "one").Fails(409, "Conflict");
    }

    [Fact]
    public void Clients_are_known_by_their_program()
    {
        var name = NewName();
        Assert.Equal("homelabops-tests", Post(ConfigMaps, ConfigMap(name)).Created()["metadata.managedFields[0].manager"]);
    }

    [Fact]
    public void The_account_can_be_deleted()
    {
        var path = NewPath();
        Apply(path, Body(path, """ "a":"1" """), "one").Created();
        Assert.Null(Patch(path, """{"metadata":{"managedFields":[{}]} }""").Ok()["metadata.managedFields"]);
    }

    [Fact]
    public void Containers_are_owned_by_name()
    {
        var name = NewName("d");
        var path = $"{Apps}/deployments/{name}";
        Apply(path, Deployment(name), "one").Created();
        var answer = Apply(path, Object("apps/v1", "Deployment", name, """ "spec":{"template":{"spec":{"containers":[{"name":"b","image":"b:1"}]} } } """), "two").Ok();
        Assert.Equal(["a", "b"], answer.At("spec.template.spec.containers")!.AsArray().Select(item => (string)item!["name"]!));
        var owned = answer.At("metadata.managedFields")!.AsArray().Single(entry => (string)entry!["manager"]! == "two")!["fieldsV1"];
        Assert.Equal("""{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\u0022name\u0022:\u0022b\u0022}":{".":{},"f:image":{},"f:name":{}}}}}}}""", Normal(owned));
    }

    private string NewPath() => $"{ConfigMaps}/{NewName()}";

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Body(string path, string data = "") => ConfigMap(NameOf(path), data: data);

    private string[] Owners(string path, string key) =>
    [
        .. Get(path).Ok().At("metadata.managedFields")!.AsArray()
            .Where(entry => entry!["fieldsV1"]?["f:data"]?["f:" + key] is not null)
            .Select(entry => $"{entry!["manager"]}:{entry["operation"]}").Order(StringComparer.Ordinal),
    ];

    // Names in order, since maps have none in Go.
    private static string Normal(JsonNode? node) => Ordered(node)!.ToJsonString();

    private static JsonNode? Ordered(JsonNode? node) => node is JsonObject map
        ? new JsonObject(map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Ordered(field.Value))))
        : node?.DeepClone();
}

/// <inheritdoc/>
public sealed class SandboxApply(SandboxUnderTest server) : ApplyChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabApply(LabUnderTest server) : ApplyChecks(server), IClassFixture<LabUnderTest>;
