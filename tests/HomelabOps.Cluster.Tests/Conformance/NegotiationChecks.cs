namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Which forms of bodies are taken and given.</summary>
public abstract class NegotiationChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public void JSON_is_taken(string type) => Post(ConfigMaps + "?dryRun=All", ConfigMap(NewName()), type).Created();

    [Fact]
    public void YAML_is_taken()
    {
        var name = NewName();
        var answer = Post(ConfigMaps, $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: \"1\"\n", "application/yaml").Created();
        Assert.Equal(("1", "application/json"), (answer["data.a"], answer.Headers["Content-Type"]));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public void Other_bodies_are_not(string type)
    {
        var answer = Post(ConfigMaps, ConfigMap(NewName()), type).Fails(415, "UnsupportedMediaType");
        Assert.StartsWith("the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf", answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("text/html, application/json")]
    [InlineData("application/json;q=0.5")]
    public void JSON_is_given(string accept) => Assert.Equal("application/json", Get(ConfigMaps, accept).Ok().Headers["Content-Type"]);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/*")]
    public void Other_answers_are_not(string accept) => Get(ConfigMaps, accept).Fails(406, "NotAcceptable", "406: Not Acceptable");

    [Fact]
    public void A_form_that_nobody_knows_is_not_given()
    {
        var answer = Get(ConfigMaps, "application/json;as=Nothing;g=meta.k8s.io;v=v1").Fails(406, "NotAcceptable");
        Assert.StartsWith("only the following media types are accepted: application/json", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_not_known_falls_back() => Assert.Equal("ConfigMapList", Get(ConfigMaps, "application/json;as=Table;g=meta.k8s.io;v=v9,application/json").Ok()["kind"]);

    [Fact]
    public void Answers_are_not_cached() => Assert.Equal("no-cache, private", Get(ConfigMaps).Ok().Headers["Cache-Control"]);

    [Theory]
    [InlineData("limit=abc")]
    [InlineData("timeoutSeconds=abc")]
    public void A_parameter_must_be_a_number(string query) => Get($"{ConfigMaps}?{query}").Fails(400, "BadRequest");

    [Fact]
    public void A_parameter_that_nobody_knows_is_passed_over() => Get(ConfigMaps + "?nothing=1").Ok();

    [Fact]
    public void An_answer_can_be_made_for_people() => Assert.Contains("\n  ", Get(ConfigMaps + "?pretty=true").Ok().Text, StringComparison.Ordinal);

    [Fact]
    public void A_body_can_be_too_large()
    {
        var answer = Post(ConfigMaps, ConfigMap(NewName(), data: $$""" "a":"{{new string('x', 3 * 1024 * 1024)}}" """));
        answer.Fails(413, "RequestEntityTooLarge");
        Assert.StartsWith("Request entity too large: limit is ", answer["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Warn", 201)]
    [InlineData("Ignore", 201)]
    [InlineData("Strict", 400)]
    public void Unknown_fields_are_told_as_wished(string validation, int status)
    {
        var answer = Post($"{ConfigMaps}?dryRun=All&fieldValidation={validation}", Object("v1", "ConfigMap", NewName(), """ "nothing":1 """));
        answer.Expect(Since(VersionDifference.FieldValidation, status, 201));
        if (status == 400)
        {
            Assert.Equal(Since(VersionDifference.FieldValidation, "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"nothing\"", null), answer["message"]);
        }

        var warned = Since(VersionDifference.FieldValidation, validation == "Warn", false);
        Assert.Equal(warned, answer.Headers.TryGetValue("Warning", out var warning) && warning == "299 - \"unknown field \\\"nothing\\\"\"");
    }
}

/// <inheritdoc/>
public sealed class SandboxNegotiation(SandboxUnderTest server) : NegotiationChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabNegotiation(LabUnderTest server) : NegotiationChecks(server), IClassFixture<LabUnderTest>;
