using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Apply;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Tests.Apply;

/// <summary>What cannot be asked of the lab's older server; all else is checked against both.</summary>
public sealed class TypedPatchTests
{
    [Theory]
    [InlineData("ServiceAccount", """ "secrets":[{}] """, "failed to create typed patch object (/m; /v1, Kind=ServiceAccount): .secrets: element 0: associative list with keys has an element that omits key field \"name\" (and doesn't have default value)")]
    [InlineData("PodTemplate", """ "template":{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":{"a":1}}}}]}} """, "failed to create typed patch object (/m; /v1, Kind=PodTemplate): .template.spec.containers[name=\"a\"].resources.limits.cpu: expected any scalar, got &{map[a:1]}")]
    [InlineData("PodTemplate", """ "template":{"metadata":{"creationTimestamp":[]}} """, "failed to create typed patch object (/m; /v1, Kind=PodTemplate): .template.metadata.creationTimestamp: expected any scalar, got &{[]}")]
    public void What_does_not_fit_is_refused(string kind, string rest, string message)
    {
        var error = Assert.Throws<ApplyException>(() => Check(kind, rest));
        Assert.Equal((500, message), (error.Status, error.Message));
    }

    [Theory]
    [InlineData("PodTemplate", """ "template":{"spec":{"containers":[{"image":"a"}]}} """)]
    [InlineData("PodTemplate", """ "template":{"spec":{"containers":[{"name":"a","env":[{"value":"x"}],"ports":[{"name":"x"}],"livenessProbe":{"httpGet":{"port":"web"}}}]}} """)]
    [InlineData("ConfigMap", """ "data":{"a":null},"binaryData":{"a":"eA=="} """)]
    [InlineData("PersistentVolumeClaim", """ "spec":{"resources":{"requests":{"storage":1000000000000}}},"status":{"phase":"Bound"} """)]
    public void What_fits_is_left_to_the_validation(string kind, string rest) => Check(kind, rest);

    [Fact]
    public void Every_kind_of_the_server_has_a_schema()
    {
        var without = BuiltinKinds.Load().Where(kind => !kind.IsVirtual).SelectMany(kind => kind.Versions).Where(version => version.Schema is null);
        Assert.Empty(without.Select(version => $"{version.ApiVersion} {version.Kind}"));
    }

    private static void Check(string kind, string rest) => TypedPatch.Checked(
        JsonNode.Parse($$"""{"apiVersion":"v1","kind":"{{kind}}","metadata":{"name":"m"},{{rest}} }""")!.AsObject(), ModelSchemas.Find("", "v1", kind)!, BuiltInSchemas.Require("v1", kind));
}
