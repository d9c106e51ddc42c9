namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Selection by labels and fields.</summary>
public abstract class SelectorChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Samples = "selected";

    [Theory]
    [InlineData("size=1", "s1")]
    [InlineData("size==1", "s1")]
    [InlineData("size!=1", "none,s10,s2")]
    [InlineData("size in (1,2)", "s1,s2")]
    [InlineData("size notin (1, 2)", "none,s10")]
    [InlineData("size", "s1,s10,s2")]
    [InlineData("!size", "none")]
    [InlineData("size>1", "s10,s2")]
    [InlineData("size<10", "s1,s2")]
    [InlineData("size=1,color=red", "s1")]
    [InlineData("size=1,color=blue", "")]
    [InlineData("color in ()", "none")]
    [InlineData("color=", "none")]
    [InlineData("example.org/x=y", "s2")]
    [InlineData("nothing", "")]
    public void Labels_select(string selector, string names)
    {
        MakeSamples();
        Assert.Equal(names, string.Join(',', Get($"{ConfigMaps}?labelSelector={Uri.EscapeDataString("set=" + Samples + "," + selector)}").Ok().Names()));
    }

    [Theory]
    [InlineData("size in 1", "unable to parse requirement: found '1' expected: '('")]
    [InlineData("size in (1", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("size in (1 2)", "unable to parse requirement: found '2', expected: ',' or ')'")]
    [InlineData("=1", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("size=a=b", "found '=', expected: ',' or 'end of string'")]
    [InlineData("size=in valid", "found 'valid', expected: ',' or 'end of string'")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    public void A_label_selector_that_is_none_is_refused(string selector, string why) =>
        Get($"{ConfigMaps}?labelSelector={Uri.EscapeDataString(selector)}").Fails(400, "BadRequest", why);

    [Theory]
    [InlineData("in valid=1", "found 'valid', expected: in, notin, =, ==, !=, gt, lt", "found 'valid', expected: '=', '!=', '==', 'in', notin'")]
    [InlineData("size>abc", "values[0][size]: Invalid value: \"abc\": for 'Gt', 'Lt' operators, the value must be an integer", "for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("/x=1", "<nil>: Invalid value: \"/x\": prefix part must be non-empty", "invalid label key \"/x\": prefix part must be non-empty")]
    public void A_requirement_that_is_none_is_refused(string selector, string now, string before) =>
        Get($"{ConfigMaps}?labelSelector={Uri.EscapeDataString(selector)}").Fails(400, "BadRequest", "unable to parse requirement: " + Since(VersionDifference.SelectorErrors, now, before));

    [Theory]
    [InlineData("metadata.name=s1", "s1")]
    [InlineData("metadata.name==s1", "s1")]
    [InlineData("metadata.name!=s1", "none,s10,s2")]
    [InlineData("metadata.name=s1,metadata.name!=s1", "")]
    [InlineData("metadata.name=nothing", "")]
    public void Fields_select(string selector, string names)
    {
        MakeSamples();
        Assert.Equal(names, string.Join(',', Get($"{ConfigMaps}?labelSelector=set%3D{Samples}&fieldSelector={Uri.EscapeDataString(selector)}").Ok().Names()));
    }

    [Fact]
    public void The_namespace_is_a_field()
    {
        MakeSamples();
        Assert.Equal(4, Get($"/api/v1/configmaps?labelSelector=set%3D{Samples}&fieldSelector=metadata.namespace%3D{Server.Namespace}").Ok().Names().Length);
    }

    [Theory]
    [InlineData("data.a=1")]
    [InlineData("spec.nodeName=x")]
    public void Only_some_fields_select(string selector)
    {
        var field = selector.Split('=')[0];
        Get($"{ConfigMaps}?fieldSelector={Uri.EscapeDataString(selector)}").Fails(
            400, "BadRequest", $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    [Fact]
    public void A_field_that_a_pod_does_not_have_is_not_supported() =>
        Get($"{Core}/pods?fieldSelector=spec.nothing%3Dx").Fails(400, "BadRequest", "field label not supported: spec.nothing");

    [Theory]
    [InlineData("a")]
    [InlineData("a<1")]
    public void A_field_selector_that_is_none_is_refused(string selector) =>
        Get($"{ConfigMaps}?fieldSelector={Uri.EscapeDataString(selector)}").Fails(400, "BadRequest", $"invalid selector: '{selector}'; can't understand '{selector}'");

    [Theory]
    [InlineData("status.phase=Pending", true)]
    [InlineData("status.phase!=Pending", false)]
    [InlineData("status.phase=Running", false)]
    [InlineData("spec.nodeName=", true)]
    [InlineData("spec.nodeName=x", false)]
    [InlineData("spec.restartPolicy=Always", true)]
    [InlineData("spec.serviceAccountName=default", true)]
    [InlineData("spec.schedulerName=nobody", true)]
    public void Pods_are_selected_by_their_fields(string selector, bool found)
    {
        var path = Core + "/pods";
        Server.Call(new(HttpMethod.Post, path) { Json = Pod("selected-pod") });
        Assert.Equal(found, Get($"{path}?fieldSelector={Uri.EscapeDataString(selector)}").Ok().Names().Contains("selected-pod"));
    }

    [Fact]
    public void Secrets_are_selected_by_type()
    {
        var name = NewName("s");
        Post(Core + "/secrets", Object("v1", "Secret", name, """ "type":"example.org/t" """)).Created();
        Assert.Equal([name], Get(Core + "/secrets?fieldSelector=type%3Dexample.org%2Ft").Ok().Names());
    }

    private void MakeSamples()
    {
        foreach (var (name, labels) in ((string, string)[])[("s1", """ "size":"1","color":"red" """), ("s2", """ "size":"2","color":"blue","example.org/x":"y" """), ("s10", """ "size":"10","color":"red" """), ("none", """ "color":"" """)])
        {
            // Made by the first of these checks.
            Server.Call(new(HttpMethod.Post, ConfigMaps) { Json = ConfigMap(name, $$""" "labels":{"set":"{{Samples}}",{{labels}} } """) });
        }
    }
}

/// <inheritdoc/>
public sealed class SandboxSelector(SandboxUnderTest server) : SelectorChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabSelector(LabUnderTest server) : SelectorChecks(server), IClassFixture<LabUnderTest>;
