namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Texts that are hardly JSON, or none.</summary>
public abstract class JsonChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Theory]
    [InlineData(@"\ud800", "\uFFFD")]
    [InlineData(@"a\n\udc00\u0041\ud83d\ude00", "a\n\uFFFDA\U0001F600")]
    public void Half_a_surrogate_pair_is_replaced(string text, string read) =>
        Assert.Equal(read, Post(ConfigMaps + "?dryRun=All", ConfigMap(NewName(), data: $$""" "a":"{{text}}" """)).Created()["data.a"]);

    [Theory]
    [InlineData("""{"metadata":{"name":""", "unexpected end of JSON input ({\"metadata\":{\"name\":)")]
    [InlineData("foo", "invalid character 'o' in literal false (expecting 'a') (666f6f)")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    public void A_body_that_is_no_json_is_refused(string body, string why) => Post(ConfigMaps, body).Fails(
        400, "BadRequest", "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: " + why);

    [Fact]
    public void A_patch_that_is_no_json_is_refused()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Patch($"{ConfigMaps}/{name}", """[{"op":""", JsonPatch).Fails(400, "BadRequest", "unexpected end of JSON input");
    }

    [Theory]
    [InlineData("abc", "invalid character 'i' looking for beginning of value")]
    [InlineData("!!!", "illegal base64 data at input byte 0")]
    [InlineData("e30", "server does not recognize this encoded version \"\"")]
    [InlineData("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MX0", "encoded start key empty (version meta.k8s.io/v1)")]
    [InlineData("eyJ2Ijo", "unexpected end of JSON input")]
    public void A_token_that_is_none_is_refused(string token, string why) =>
        Assert.EndsWith("continue key is not valid: " + why, Get($"{ConfigMaps}?limit=1&continue={token}").Fails(400, "BadRequest")["message"], StringComparison.Ordinal);
}

/// <inheritdoc/>
public sealed class SandboxJson(SandboxUnderTest server) : JsonChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabJson(LabUnderTest server) : JsonChecks(server), IClassFixture<LabUnderTest>;
