namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Config maps and secrets.</summary>
public abstract class DataChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private string Secrets => Core + "/secrets";

    [Fact]
    public void A_secret_takes_texts_and_keeps_bytes()
    {
        var answer = Post(Secrets, Object("v1", "Secret", NewName(), """ "stringData":{"a":"hello"},"data":{"b":"eA==","a":"eQ=="} """)).Created();
        Assert.Equal(("aGVsbG8=", "eA==", null, "Opaque"), (answer["data.a"], answer["data.b"], answer["stringData"], answer["type"]));
    }

    [Theory]
    [InlineData("Secret", "secrets")]
    [InlineData("ConfigMap", "configmaps")]
    public void Bytes_must_be_base64(string kind, string plural)
    {
        var field = kind == "Secret" ? "data" : "binaryData";
        var answer = Post($"{Core}/{plural}", Object("v1", kind, NewName(), $$""" "{{field}}":{"a":"***"} """)).Fails(400, "BadRequest");
        Assert.Contains("illegal base64 data at input byte 0", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_type_of_a_secret_stays()
    {
        var name = NewName();
        Post(Secrets, Object("v1", "Secret", name)).Created();
        Patch($"{Secrets}/{name}", """{"type":"example.org/t"}""").Fails(422, "Invalid", $"Secret \"{name}\" is invalid: type: Invalid value: \"example.org/t\": field is immutable");
    }

    [Theory]
    [InlineData("kubernetes.io/tls", """ "a":"eA==" """, "data[tls.crt]")]
    [InlineData("kubernetes.io/basic-auth", """ "a":"eA==" """, "data[username]")]
    [InlineData("kubernetes.io/dockerconfigjson", """ "a":"eA==" """, "data[.dockerconfigjson]")]
    [InlineData("kubernetes.io/ssh-auth", """ "a":"eA==" """, "data[ssh-privatekey]")]
    public void Some_types_of_secrets_have_keys_that_they_need(string type, string data, string field)
    {
        var answer = Post(Secrets, Object("v1", "Secret", NewName(), $$""" "type":"{{type}}","data":{ {{data}} } """)).Fails(422, "Invalid");
        if (type is "kubernetes.io/basic-auth" or "kubernetes.io/ssh-auth")
        {
            field = Since(VersionDifference.SecretKeyPlace, field, field.Replace("data", "data[%s]", StringComparison.Ordinal));
        }

        Assert.Equal((field, "FieldValueRequired"), (answer["details.causes[0].field"], answer["details.causes[0].reason"]));
    }

    [Theory]
    [InlineData("ConfigMap", "configmaps")]
    [InlineData("Secret", "secrets")]
    public void What_is_immutable_stays(string kind, string plural)
    {
        var name = NewName();
        var path = $"{Core}/{plural}/{name}";
        Post($"{Core}/{plural}", Object("v1", kind, name, """ "data":{"a":"eA=="},"immutable":true """)).Created();
        Patch(path, """{"data":{"a":"eQ=="} }""").Fails(422, "Invalid", $"{kind} \"{name}\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
        Patch(path, """{"immutable":false}""").Fails(422, "Invalid", $"{kind} \"{name}\" is invalid: immutable: Forbidden: field is immutable when `immutable` is set");
        Patch(path, """{"metadata":{"labels":{"a":"b"} } }""").Ok();
        Delete(path).Ok();
    }

    [Fact]
    public void What_can_be_changed_can_be_made_immutable()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Assert.Equal("true", Patch($"{ConfigMaps}/{name}", """{"immutable":true}""").Ok()["immutable"]);
    }

    [Fact]
    public void A_key_is_of_one_kind()
    {
        var name = NewName();
        var answer = Post(ConfigMaps, Object("v1", "ConfigMap", name, """ "data":{"a":"1"},"binaryData":{"a":"eA=="} """)).Fails(422, "Invalid");
        Assert.Contains("duplicate of key present in binaryData", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_is_too_much()
    {
        var answer = Post(ConfigMaps, ConfigMap(NewName(), data: $$""" "a":"{{new string('x', 1024 * 1024 + 1)}}" """)).Fails(422, "Invalid");
        Assert.Equal("FieldValueTooLong", answer["details.causes[0].reason"]);
    }

    [Fact]
    public void Text_of_any_script_comes_back_as_it_was()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, data: """ "a":"äöü € 😀 \u0001 <&> \"" """)).Created();
        Assert.Equal("äöü € 😀 \u0001 <&> \"", Get($"{ConfigMaps}/{name}").Ok()["data.a"]);
    }
}

/// <inheritdoc/>
public sealed class SandboxData(SandboxUnderTest server) : DataChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabData(LabUnderTest server) : DataChecks(server), IClassFixture<LabUnderTest>;
