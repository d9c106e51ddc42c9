using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Tests.Patching;

/// <summary>The examples of RFC 6902, appendix A, and what the RFC says beside them.</summary>
public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""")]
    [InlineData("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("""{"a":{"b":[1]}}""", """[{"op":"copy","from":"/a/b","path":"/c"},{"op":"add","path":"/c/-","value":2}]""", """{"a":{"b":[1]},"c":[1,2]}""")]
    [InlineData("""{"metadata":{"annotations":{"a/b":"1"}}}""", """[{"op":"replace","path":"/metadata/annotations/a~1b","value":"2"}]""", """{"metadata":{"annotations":{"a/b":"2"}}}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":null}""", """[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":1}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":null}]""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":1.0}""", """[{"op":"test","path":"/a","value":1}]""", """{"a":1.0}""")]
    [InlineData("""{"a":[{"b":1},{"b":2}]}""", """[{"op":"replace","path":"/a/1/b","value":3}]""", """{"a":[{"b":1},{"b":3}]}""")]
    [InlineData("""{"a":1}""", """[{"op":"move","from":"/a","path":"/a"}]""", """{"a":1}""")]
    [InlineData("""{"":{"":1}}""", """[{"op":"replace","path":"//","value":2}]""", """{"":{"":2}}""")]
    [InlineData("""{"a":1}""", "[]", """{"a":1}""")]
    public void Operations_apply_in_order(string target, string patch, string expected) => Same(expected, JsonPatch.Apply(JsonNode.Parse(target), List(patch)));

    [Theory]
    [InlineData("""[{"op":"test","path":"/baz","value":"bar"}]""", 422, "operation 0 (test \"/baz\"): the value differs")]
    [InlineData("""[{"op":"test","path":"/foo","value":"a"},{"op":"add","path":"/no/such","value":1}]""", 422, "operation 1 (add \"/no/such\"): the parent")]
    [InlineData("""[{"op":"remove","path":"/nothing"}]""", 422, "operation 0 (remove \"/nothing\"): there is nothing at \"/nothing\"")]
    [InlineData("""[{"op":"replace","path":"/nothing","value":1}]""", 422, "there is nothing at")]
    [InlineData("""[{"op":"copy","from":"/nothing","path":"/x"}]""", 422, "operation 0 (copy \"/x\"): there is nothing at \"/nothing\"")]
    [InlineData("""[{"op":"move","from":"/map","path":"/map/in"}]""", 422, "cannot be moved into itself")]
    [InlineData("""[{"op":"add","path":"/list/3","value":1}]""", 422, "index 3 is outside of the array, which has 2 items")]
    [InlineData("""[{"op":"add","path":"/list/01","value":1}]""", 422, "\"01\" is no index of an array")]
    [InlineData("""[{"op":"remove","path":"/list/-"}]""", 422, "there is nothing at \"/list/-\"")]
    [InlineData("""[{"op":"add","path":"/foo/in","value":1}]""", 422, "can hold nothing")]
    [InlineData("""[{"op":"bogus","path":"/foo"}]""", 422, "unexpected kind: bogus")]
    [InlineData("""[{"op":"add","path":"/foo"}]""", 422, "\"value\" is missing")]
    [InlineData("""[{"path":"/foo"}]""", 422, "operation 0: \"op\" is missing")]
    [InlineData("""[{"op":"add","value":1}]""", 422, "operation 0: \"path\" is missing")]
    [InlineData("""[{"op":"move","path":"/a"}]""", 422, "operation 0: \"from\" is missing")]
    [InlineData("""[{"op":"add","path":"foo","value":1}]""", 422, "\"path\" is no JSON pointer: \"foo\"")]
    [InlineData("""[{"op":"add","path":"/a~2","value":1}]""", 422, "\"path\" is no JSON pointer")]
    [InlineData("""[{"op":3,"path":"/a"}]""", 422, "\"op\" must be a text")]
    [InlineData("[null]", 400, "operation 0: is not an object")]
    public void The_first_operation_that_fails_is_named(string patch, int status, string message)
    {
        var target = JsonNode.Parse("""{"foo":"a","baz":"qux","list":[1,2],"map":{"in":1}}""");
        var error = Assert.Throws<PatchException>(() => JsonPatch.Apply(target, List(patch)));
        Assert.Equal(status, error.Status);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_inputs_stay_as_they_are_and_share_nothing_with_the_result()
    {
        var target = JsonNode.Parse("""{"a":{"b":1}}""");
        var patch = List("""[{"op":"add","path":"/c","value":{"d":1}},{"op":"remove","path":"/a/b"},{"op":"add","path":"/c/e","value":2}]""");

        var result = JsonPatch.Apply(target, patch);
        result!["c"]!["d"] = 9;

        Same("""{"a":{"b":1}}""", target);
        Same("""{"d":1}""", patch[0]!["value"]);
    }

    private static JsonArray List(string json) => JsonNode.Parse(json)!.AsArray();

    private static void Same(string expected, JsonNode? actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
