using System.Text;
using HomelabOps.Sandbox.Api.Http;

namespace HomelabOps.Sandbox.Tests.Server;

public sealed class YamlBodyTests
{
    // A line before it keeps the second from being taken for JSON.
    [Theory]
    [InlineData("""{"a": 1.50, "b": 1e3, "c": 12345678901234567890, "d": [true, null, "1.50", "\u00e4\n"], "e": {"f": -7}}""")]
    [InlineData("""{"a": {"b": 1, "b": 2}}""")]
    [InlineData("""{"a": "x", b: 'y'}""")]
    public void A_body_in_JSON_is_what_it_is_as_YAML(string text) =>
        Assert.Equal(YamlBody.Read(Encoding.UTF8.GetBytes("# YAML\n" + text))!.ToJsonString(), YamlBody.Read(Encoding.UTF8.GetBytes(text))!.ToJsonString());
}
