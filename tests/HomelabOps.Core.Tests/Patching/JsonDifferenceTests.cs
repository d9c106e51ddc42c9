using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.Tests.Patching;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("{}", "{}", "")]
    [InlineData("""{"a":{"b":1},"c":2}""", """{"a":{"b":2},"c":2}""", "a.b")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":1,"c":{"d":1}}}""", "a.c")]
    [InlineData("""{"a":{"x.y/z":"1"}}""", """{"a":{}}""", "a[x.y/z]")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3,4]}""", "a[1] a[2]")]
    [InlineData("""{"a":[1]}""", """{"a":{"b":1}}""", "a")]
    [InlineData("""{"c":[{"name":"one","i":1},{"name":"two","i":1}]}""", """{"c":[{"name":"two","i":2},{"name":"one","i":1}]}""", "c[two].i")]
    [InlineData("""{"c":[{"name":"one"}]}""", """{"c":[{"name":"one"},{"name":"two"}]}""", "c[two]")]
    [InlineData("""{"c":[{"name":"one","i":1},{"name":"one","i":1}]}""", """{"c":[{"name":"one","i":1},{"name":"one","i":2}]}""", "c[1].i")]
    [InlineData("""{"c":[{"name":"one","i":1}]}""", """{"c":[{"i":2}]}""", "c[0].name c[0].i")]
    [InlineData("""{"c":[]}""", """{"c":[{"name":"one"}]}""", "c[one]")]
    public void Paths_name_what_differs(string before, string after, string paths) =>
        Assert.Equal(paths.Split(' ', StringSplitOptions.RemoveEmptyEntries), JsonDifference.Paths(JsonNode.Parse(before), JsonNode.Parse(after)));
}
