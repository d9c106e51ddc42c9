using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    // All of a pod's spec, so that each case names only what it is about.
    private static readonly PatchSchema Pod = BuiltInSchemas.Require("v1", "Pod").Field("spec").Schema;

    [Theory]
    [InlineData("""{"a":1,"b":{"c":1,"d":2}}""", """{"b":{"c":3,"d":null},"e":4}""", """{"a":1,"b":{"c":3},"e":4}""")]
    [InlineData("""{"tolerations":[{"key":"a"},{"key":"b"}]}""", """{"tolerations":[{"key":"c"}]}""", """{"tolerations":[{"key":"c"}]}""")]
    [InlineData("""{"a":[1]}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("{}", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    public void Objects_merge_and_other_lists_are_replaced(string target, string patch, string expected) => Same(expected, target, patch);

    [Theory]
    [InlineData("""{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]}""", """{"containers":[{"name":"b","image":"b:2"}]}""", """{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:2"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"new"}]}""", """{"containers":[{"name":"new"},{"name":"a"},{"name":"b"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}""", """{"containers":[{"name":"c","x":1},{"name":"new"}]}""", """{"containers":[{"name":"a"},{"name":"b"},{"name":"c","x":1},{"name":"new"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"a","$patch":"delete"}]}""", """{"containers":[{"name":"b"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"$patch":"replace"},{"name":"c"}]}""", """{"containers":[{"name":"c"}]}""")]
    [InlineData("""{"containers":[{"name":"a","image":"x","tty":true}]}""", """{"containers":[{"name":"a","image":"y","$patch":"replace"}]}""", """{"containers":[]}""")]
    [InlineData("""{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]}""", """{"containers":[{"name":"a","env":[{"name":"X","$patch":"delete"},{"name":"Z","value":"3"}]}]}""", """{"containers":[{"name":"a","env":[{"name":"Z","value":"3"},{"name":"Y","value":"2"}]}]}""")]
    [InlineData("""{"containers":[{"name":"a","env":[{"name":"X","value":"1"}]}]}""", """{"containers":[{"name":"a","env":[{"name":"X","value":null,"valueFrom":{"fieldRef":{"fieldPath":"y"}}}]}]}""", """{"containers":[{"name":"a","env":[{"name":"X","valueFrom":{"fieldRef":{"fieldPath":"y"}}}]}]}""")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http"},{"containerPort":443}]}]}""", """{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"}]}]}""", """{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http","protocol":"TCP"},{"containerPort":443}]}]}""")]
    [InlineData("""{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/x","name":"v"}]}]}""", """{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/x","readOnly":true}]}]}""", """{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/x","name":"v","readOnly":true}]}]}""")]
    [InlineData("""{"hostAliases":[{"ip":"1.1.1.1","hostnames":["a"]}]}""", """{"hostAliases":[{"ip":"1.1.1.1","hostnames":["b"]}]}""", """{"hostAliases":[{"ip":"1.1.1.1","hostnames":["b"]}]}""")]
    [InlineData("""{"containers":[{"name":"a","command":["x","y"]}]}""", """{"containers":[{"name":"a","command":["z"]}]}""", """{"containers":[{"name":"a","command":["z"]}]}""")]
    [InlineData("""{"containers":[{"name":"a"}]}""", """{"containers":null}""", "{}")]
    [InlineData("{}", """{"containers":[{"name":"a","x":null},{"name":"b","$patch":"delete"}]}""", """{"containers":[{"name":"a"}]}""")]
    public void Known_lists_merge_by_their_key(string target, string patch, string expected) => Same(expected, target, patch);

    [Theory]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}""", """{"$setElementOrder/containers":[{"name":"c"},{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"c"},{"name":"a"},{"name":"b"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"new"},{"name":"a"},{"name":"b"}],"containers":[{"name":"new","image":"n"}]}""", """{"containers":[{"name":"new","image":"n"},{"name":"a"},{"name":"b"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"sidecar"},{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","x":1}]}""", """{"containers":[{"name":"sidecar"},{"name":"b"},{"name":"a","x":1}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"a","$patch":"delete"}]}""", """{"containers":[{"name":"b"}]}""")]
    [InlineData("{}", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b"},{"name":"a"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""")]
    [InlineData("{}", """{"$setElementOrder/containers":[{"name":"b"}]}""", "{}")]
    public void The_order_can_be_set(string target, string patch, string expected) => Same(expected, target, patch);

    [Theory]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":["b","c"]}}""", """{"metadata":{"finalizers":["a","b","c"]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """{"metadata":{"finalizers":["b"]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}}""", """{"metadata":{"finalizers":["c","b"]}}""")]
    [InlineData("""{"metadata":{}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """{"metadata":{}}""")]
    [InlineData("""{"metadata":{"finalizers":["a"]}}""", """{"metadata":{"finalizers":null}}""", """{"metadata":{}}""")]
    public void Finalizers_merge_as_values(string target, string patch, string expected) =>
        SameAs(expected, target, patch, BuiltInSchemas.Require("v1", "ConfigMap"));

    [Fact]
    public void A_directive_of_a_map_replaces_or_empties_it()
    {
        Same("""{"a":{"x":1}}""", """{"a":{"y":2,"z":{"q":1}}}""", """{"a":{"$patch":"replace","x":1}}""");
        Same("""{"a":{},"b":1}""", """{"a":{"y":2},"b":1}""", """{"a":{"$patch":"delete"}}""");
        Same("""{"a":{"x":1}}""", "{}", """{"a":{"$patch":"replace","x":1}}""");
    }

    [Fact]
    public void Keys_that_are_not_retained_are_dropped() => SameAs(
        """{"spec":{"strategy":{"type":"Recreate"}}}""",
        """{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""",
        """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""",
        BuiltInSchemas.Require("apps/v1", "Deployment"));

    [Fact]
    public void The_source_of_a_volume_can_change_its_type() => Same(
        """{"volumes":[{"name":"v","emptyDir":{}}]}""",
        """{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}""",
        """{"volumes":[{"name":"v","$retainKeys":["name","emptyDir"],"emptyDir":{}}]}""");

    [Fact]
    public void Ports_of_a_service_merge_by_port() => SameAs(
        """{"spec":{"ports":[{"port":80,"targetPort":8080,"name":"http"},{"port":443}]}}""",
        """{"spec":{"ports":[{"port":80,"targetPort":80},{"port":443}]}}""",
        """{"spec":{"ports":[{"port":80,"targetPort":8080,"name":"http"}]}}""",
        BuiltInSchemas.Require("v1", "Service"));

    [Theory]
    [InlineData("""{"containers":[{"image":"x"}]}""", 500, "map: map[image:x] does not contain declared merge key: name")]
    [InlineData("""{"containers":[{"name":"a","$patch":"mystery"}]}""", 500, "unknown patch type: mystery in map: map[$patch:mystery name:a]")]
    [InlineData("""{"containers":[{"$patch":"merge"}]}""", 500, "merging lists cannot yet be specified in the patch")]
    [InlineData("""{"$patch":"mystery"}""", 500, "unknown patch type: mystery in map")]
    [InlineData("""{"containers":[[1]]}""", 500, "list element types are not identical: [[map[name:a]] [[1]]]")]
    [InlineData("""{"containers":["a"]}""", 500, "list element types are not identical")]
    [InlineData("""{"$retainKeys":["a"],"b":1}""", 400, "invalid patch format of retainKeys")]
    [InlineData("""{"$retainKeys":"a"}""", 400, "invalid patch format of retainKeys")]
    [InlineData("""{"$setElementOrder/containers":"a"}""", 500, "expected a []interface {}, but received a string")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"z"}],"containers":[{"name":"y"}]}""", 500, "The order in patch list:\n[map[name:y]]\n doesn't match $setElementOrder list:\n[map[name:z]]")]
    [InlineData("""{"$deleteFromPrimitiveList/containers":"a"}""", 422, "cannot restore slice from string")]
    public void A_bad_patch_is_refused(string patch, int status, string message)
    {
        var target = JsonNode.Parse("""{"containers":[{"name":"a"}]}""")!.AsObject();
        var error = Assert.Throws<PatchException>(() => StrategicMergePatch.Apply(target, JsonNode.Parse(patch)!.AsObject(), Pod));
        Assert.Equal(status, error.Status);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_kinds_are_refused_or_plain_as_the_caller_wants()
    {
        Assert.Equal(415, Assert.Throws<PatchException>(() => BuiltInSchemas.Require("kustomize.toolkit.fluxcd.io/v1", "Kustomization")).Status);
        SameAs(
            """{"spec":{"containers":[{"name":"b"}]}}""",
            """{"spec":{"containers":[{"name":"a"}]}}""",
            """{"spec":{"containers":[{"name":"b"}]}}""",
            BuiltInSchemas.FindOrPlain("example.org/v1", "Thing"));
    }

    private static void Same(string expected, string target, string patch) => SameAs(expected, target, patch, Pod);

    private static void SameAs(string expected, string target, string patch, PatchSchema schema)
    {
        var before = JsonNode.Parse(target)!.AsObject();
        var change = JsonNode.Parse(patch)!.AsObject();
        var result = StrategicMergePatch.Apply(before, change, schema);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(target), before), "the target was changed");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(patch), change), "the patch was changed");
    }
}
