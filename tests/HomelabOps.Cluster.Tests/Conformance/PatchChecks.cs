namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Patches of the three kinds that are not applies.</summary>
public abstract class PatchChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Theory]
    [InlineData("""{"replicas":"3"}""", "map[replicas:3]", "unrecognized type: int32")]
    [InlineData("""{"replicas":[1]}""", "map[replicas:[1]]", "unrecognized type: int32")]
    [InlineData("""{"replicas":1.5}""", "map[replicas:1.5]", "cannot convert float64 to int32")]
    [InlineData("""{"paused":1}""", "map[paused:1]", "unrecognized type: bool")]
    [InlineData("""{"replicas":"é \"q\"","paused":null,"minReadySeconds":2}""", "map[minReadySeconds:2 paused:<nil> replicas:é \\\"q\\\"]", "unrecognized type: int32")]
    [InlineData("\"a\"", "a", "cannot restore struct from: string")]
    [InlineData("""{"template":{"metadata":{"labels":["a"]} } }""", "map[template:map[metadata:map[labels:[a]]]]", "cannot restore map from slice")]
    [InlineData("""{"template":{"spec":{"containers":"x"} } }""", "map[template:map[spec:map[containers:x]]]", "cannot restore slice from string")]
    [InlineData("""{"template":{"spec":{"containers":[{"name":"a","image":1}]} } }""", "map[template:map[spec:map[containers:[map[image:1 name:a]]]]]", "cannot convert int64 to string")]
    [InlineData("""{"template":{"spec":{"terminationGracePeriodSeconds":"5"} } }""", "map[template:map[spec:map[terminationGracePeriodSeconds:5]]]", "unrecognized type: int64")]
    public void A_strategic_patch_whose_result_does_not_fit_is_shown_as_Go_prints_it(string spec, string shown, string why)
    {
        var name = NewName("d");
        Post($"{Apps}/deployments", Deployment(name)).Created();
        Refused(Patch($"{Apps}/deployments/{name}", $$"""{"spec":{{spec}} }""", StrategicPatch), $"patch: Invalid value: \"map[spec:{shown}]\": {why}");
    }

    [Fact]
    public void A_strategic_patch_takes_no_bytes_that_are_not_base64()
    {
        var name = NewName("s");
        Post($"{Core}/secrets", Object("v1", "Secret", name)).Created();
        Refused(Patch($"{Core}/secrets/{name}", """{"data":{"a":"YQ==","b":"?"} }""", StrategicPatch), "patch: Invalid value: \"map[data:map[a:YQ== b:?]]\": error decoding from json: illegal base64 data at input byte 0");
    }

    [Fact]
    public void A_merge_patch_changes_adds_and_removes()
    {
        var path = New(""" "a":"1","b":"2" """);
        var answer = Patch(path, """{"data":{"a":"9","b":null,"c":"3"},"metadata":{"labels":{"x":"y"} } }""").Ok();
        Assert.Equal(("""{"a":"9","c":"3"}""", "y"), (answer["data"], answer["metadata.labels.x"]));
    }

    [Fact]
    public void A_JSON_patch_goes_step_by_step()
    {
        var path = New(""" "a":"1","b":"2" """);
        var answer = Patch(path, """[{"op":"test","path":"/data/a","value":"1"},{"op":"move","from":"/data/a","path":"/data/c"},{"op":"remove","path":"/data/b"},{"op":"add","path":"/data/d","value":"4"}]""", JsonPatch).Ok();
        Assert.Equal("""{"c":"1","d":"4"}""", answer["data"]);
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/data/a","value":"no"}]""")]
    [InlineData("""[{"op":"remove","path":"/data/none"}]""")]
    public void A_JSON_patch_that_does_not_fit_is_refused(string patch)
    {
        var path = New();
        Patch(path, patch, JsonPatch).Fails(422, "Invalid", "the server rejected our request due to an error in our request");
        Assert.Equal("""{"a":"1"}""", Get(path)["data"]);
    }

    [Fact]
    public void A_JSON_patch_replaces_what_is_there() =>
        Patch(New(), """[{"op":"replace","path":"/data/none","value":"1"}]""", JsonPatch).Expect(Since(VersionDifference.JsonPatchReplace, 422, 200));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"op":"add"}""")]
    public void A_JSON_patch_that_is_none_is_refused(string patch) => Patch(New(), patch, JsonPatch).Fails(400, "BadRequest");

    [Theory]
    [InlineData("{", StrategicPatch)]
    [InlineData("[]", StrategicPatch)]
    public void A_patch_that_is_no_object_is_refused(string patch, string type) => Patch(New(), patch, type).Fails(400, "BadRequest");

    [Fact]
    public void A_merge_patch_that_is_no_JSON_is_refused()
    {
        var (code, reason) = Since(VersionDifference.MalformedMergePatch, (400, "BadRequest"), (500, ""));
        Patch(New(), "{").Fails(code, reason);
    }

    [Fact]
    public void A_strategic_patch_finds_containers_by_name()
    {
        var path = NewDeployment();
        var answer = Patch(path, """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"b:1"},{"name":"a","image":"a:2"}]} } } }""", StrategicPatch).Ok();
        var containers = answer.At("spec.template.spec.containers")!.AsArray().Select(item => $"{item!["name"]}={item["image"]}").Order(StringComparer.Ordinal);
        Assert.Equal(["a=a:2", "b=b:1"], containers);
    }

    [Fact]
    public void A_merge_patch_replaces_lists()
    {
        var answer = Patch(NewDeployment(), """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"b:1"}]} } } }""").Ok();
        Assert.Equal(("b", null), (answer["spec.template.spec.containers[0].name"], answer["spec.template.spec.containers[1]"]));
    }

    [Fact]
    public void A_strategic_patch_deletes_by_directive()
    {
        var path = NewDeployment();
        Patch(path, """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"b:1"}]} } } }""", StrategicPatch).Ok();
        var answer = Patch(path, """{"spec":{"template":{"spec":{"containers":[{"name":"a","$patch":"delete"}]} } } }""", StrategicPatch).Ok();
        Assert.Equal(("b", null), (answer["spec.template.spec.containers[0].name"], answer["spec.template.spec.containers[1]"]));
    }

    [Fact]
    public void Defaults_come_back_when_a_patch_removes_them()
    {
        var answer = Patch(NewDeployment(), """{"spec":{"revisionHistoryLimit":null,"strategy":null} }""").Ok();
        Assert.Equal(("10", "RollingUpdate"), (answer["spec.revisionHistoryLimit"], answer["spec.strategy.type"]));
    }

    [Fact]
    public void A_patch_of_what_is_not_there_is_not_found() => Patch(ConfigMaps + "/none", "{}").Fails(404, "NotFound", "configmaps \"none\" not found");

    [Fact]
    public void A_patch_that_changes_nothing_leaves_the_revision()
    {
        var path = New();
        var before = Get(path)["metadata.resourceVersion"];
        Assert.Equal(before, Patch(path, "{}").Ok()["metadata.resourceVersion"]);
        Assert.Equal(before, Patch(path, """{"data":{"a":"1"} }""").Ok()["metadata.resourceVersion"]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public void A_patch_of_a_type_that_is_not_known_is_refused(string type)
    {
        Patch(New(), "{}", type).Fails(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    }

    [Fact]
    public void A_patch_may_ask_for_the_revision()
    {
        var path = New();
        var before = Get(path)["metadata.resourceVersion"];
        Patch(path, $$"""{"metadata":{"resourceVersion":"{{before}}"},"data":{"a":"2"} }""").Ok();
        var name = path[(path.LastIndexOf('/') + 1)..];
        Patch(path, $$"""{"metadata":{"resourceVersion":"{{before}}"},"data":{"a":"3"} }""")
            .Fails(409, "Conflict", $"Operation cannot be fulfilled on configmaps \"{name}\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Fact]
    public void A_patch_cannot_rename()
    {
        var path = New();
        Patch(path, """{"metadata":{"name":"other"} }""").Fails(400, "BadRequest", $"the name of the object (other) does not match the name on the URL ({path[(path.LastIndexOf('/') + 1)..]})");
    }

    [Fact]
    public void A_patch_cannot_change_the_uid() => Patch(New(), """{"metadata":{"uid":"other"} }""").Invalid(("metadata.uid", "FieldValueInvalid"));

    [Fact]
    public void A_patch_cannot_change_the_namespace() =>
        Patch(New(), """{"metadata":{"namespace":"other"} }""").Fails(400, "BadRequest", $"the namespace of the object (other) does not match the namespace on the request ({Server.Namespace})");

    [Fact]
    public void What_the_server_decides_is_not_patched()
    {
        var path = New();
        var before = Get(path);
        var answer = Patch(path, """{"metadata":{"creationTimestamp":"2001-01-01T00:00:00Z","generation":7,"selfLink":"/x"} }""").Ok();
        Assert.Equal((before["metadata.creationTimestamp"], null, null), (answer["metadata.creationTimestamp"], answer["metadata.generation"], answer["metadata.selfLink"]));
    }

    [Fact]
    public void A_patch_is_validated()
    {
        var path = New();
        Patch(path, """{"metadata":{"labels":{"a":"in valid"} } }""").Invalid(("metadata.labels", "FieldValueInvalid"));
    }

    [Fact]
    public void A_patch_that_leads_to_another_type_is_invalid() => Patch(New(), """{"data":{"a":{} } }""").Invalid(("patch", "FieldValueInvalid"));

    [Fact]
    public void Force_is_for_applies_only()
    {
        var path = New();
        Patch(path + "?force=true", "{}").Fails(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch");
    }

    private string New(string data = """ "a":"1" """)
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name, data: data)).Created();
        return $"{ConfigMaps}/{name}";
    }

    private string NewDeployment()
    {
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name)).Created();
        return $"{Apps}/deployments/{name}";
    }
}

/// <inheritdoc/>
public sealed class SandboxPatch(SandboxUnderTest server) : PatchChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabPatch(LabUnderTest server) : PatchChecks(server), IClassFixture<LabUnderTest>;
