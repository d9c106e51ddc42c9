using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Defaults of a custom kind's schema: where they are put in, and when.</summary>
public abstract class DefaultChecks(ServerUnderTest server) : CustomKindChecks(server, "gauges")
{
    private string Gauges => $"/apis/{Group()}/v1/namespaces/{Server.Namespace}/gauges";

    [Theory]
    [InlineData("""{}""", """{"color":"red","whole":{"depth":1}}""")]
    [InlineData("""{"color":"blue","whole":{"depth":2}}""", """{"color":"blue","whole":{"depth":2}}""")]
    [InlineData("""{"color":null,"whole":{}}""", """{"color":"red","whole":{"depth":1}}""")]
    [InlineData("""{"part":{}}""", """{"color":"red","part":{"kind":"plain"},"whole":{"depth":1}}""")]
    [InlineData("""{"list":[{"id":"a"},{"id":"b","kind":"own"}]}""", """{"color":"red","list":[{"id":"a","kind":"plain"},{"id":"b","kind":"own"}],"whole":{"depth":1}}""")]
    [InlineData("""{"map":{"a":{}}}""", """{"color":"red","map":{"a":{"kind":"plain"}},"whole":{"depth":1}}""")]
    public void A_default_is_put_in_where_its_owner_is(string spec, string expected)
    {
        var created = Post(Gauges, Gauge(NewName("g"), spec)).Created();
        Assert.Equal(expected, JsonText(created.At("spec")!));
        Assert.Equal(expected, JsonText(Get($"{Gauges}/{created["metadata.name"]}").Ok().At("spec")!));
    }

    [Fact]
    public void What_is_taken_away_has_its_default_again()
    {
        var name = NewName("g");
        Post(Gauges, Gauge(name, """{"color":"blue"}""")).Created();
        Assert.Equal("red", Patch($"{Gauges}/{name}", """{"spec":{"color":null} }""").Ok()["spec.color"]);
    }

    [Fact]
    public void The_status_of_a_new_object_has_its_default_which_nobody_owns()
    {
        var name = NewName("g");
        var created = Post(Gauges, Gauge(name, "{}", """ "status":{"seen":5} """)).Created();
        Assert.Equal("""{"seen":-1}""", JsonText(created.At("status")!));
        var patched = Patch($"{Gauges}/{name}", """{"metadata":{"labels":{"a":"b"} } }""").Ok();
        Assert.Equal(("""{"seen":-1}""", "1"), (JsonText(patched.At("status")!), patched["metadata.generation"]));
        Assert.Equal(Since(VersionDifference.StatusOwners, now: false, before: true), patched["metadata.managedFields"]!.Contains("f:status", StringComparison.Ordinal));
        Assert.Equal("7", Patch($"{Gauges}/{name}/status", """{"status":{"seen":7} }""").Ok()["status.seen"]);
    }

    [Fact]
    public void A_default_that_comes_later_is_read_of_what_was_there_before()
    {
        var group = NewName("g") + ".example.org";
        Define(group);
        var path = $"/apis/{group}/v1/namespaces/{Server.Namespace}/gauges";
        var revision = Post(path, Gauge("old", "{}", group: group)).Created()["metadata.resourceVersion"];
        Patch($"{Definitions}/gauges.{group}", """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size","value":{"type":"integer","default":3} }]""", JsonPatch).Ok();
        var read = Eventually(() => Get($"{path}/old"), answer => answer.Ok()["spec.size"] is not null);
        Assert.Equal(("3", revision), (read["spec.size"], read["metadata.resourceVersion"]));
        Assert.Equal("3", Get(path).Ok()["items[0].spec.size"]);
        Assert.Equal("3", Get(path, "application/json;as=Table;v=v1;g=meta.k8s.io").Ok()["rows[0].cells[1]"]);
        Assert.Equal(("3", "1"), Patch($"{path}/old", """{"metadata":{"labels":{"a":"b"} } }""").Ok() is var patched ? (patched["spec.size"], patched["metadata.generation"]) : default);
    }

    /// <inheritdoc/>
    protected override string Definition(string group) => Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", $"gauges.{group}", $$"""
        "spec": {
          "group": "{{group}}", "scope": "Namespaced",
          "names": { "plural": "gauges", "singular": "gauge", "kind": "Gauge" },
          "versions": [{
            "name": "v1", "served": true, "storage": true, "subresources": { "status": {} },
            "additionalPrinterColumns": [{ "name": "Size", "type": "integer", "jsonPath": ".spec.size" }],
            "schema": { "openAPIV3Schema": { "type": "object", "properties": {
              "spec": { "type": "object", "properties": {
                "color": { "type": "string", "default": "red" },
                "part": { "type": "object", "properties": { "kind": { "type": "string", "default": "plain" } } },
                "whole": { "type": "object", "default": {}, "properties": { "depth": { "type": "integer", "default": 1 } } },
                "list": { "type": "array", "items": { "type": "object", "properties": { "id": { "type": "string" }, "kind": { "type": "string", "default": "plain" } } } },
                "map": { "type": "object", "additionalProperties": { "type": "object", "properties": { "kind": { "type": "string", "default": "plain" } } } }
              } },
              "status": { "type": "object", "default": { "seen": -1 }, "properties": { "seen": { "type": "integer" } } }
            } } }
          }]
        }
        """);

    private string Gauge(string name, string spec, string rest = "", string? group = null) =>
        Object($"{group ?? Group()}/v1", "Gauge", name, $$""" "spec":{{spec}}{{(rest.Length == 0 ? "" : "," + rest)}} """);

    // The order in which a server writes fields says nothing.
    private static string JsonText(JsonNode node) => node is JsonObject fields
        ? $"{{{string.Join(',', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"\"{field.Key}\":{JsonText(field.Value!)}"))}}}"
        : node is JsonArray items ? $"[{string.Join(',', items.Select(item => JsonText(item!)))}]" : node.ToJsonString();
}

/// <inheritdoc/>
public sealed class SandboxDefault(SandboxUnderTest server) : DefaultChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabDefault(LabUnderTest server) : DefaultChecks(server), IClassFixture<LabUnderTest>;
