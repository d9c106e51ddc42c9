namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Create, read, replace.</summary>
public abstract class CrudChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void Create_gives_the_object_with_what_the_server_adds()
    {
        var name = NewName();
        var answer = Post(ConfigMaps, ConfigMap(name)).Created();
        Assert.Equal(("v1", "ConfigMap", name, Server.Namespace, "1"), (answer["apiVersion"], answer["kind"], answer["metadata.name"], answer["metadata.namespace"], answer["data.a"]));
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.True(Guid.TryParse(answer["metadata.uid"], out _));
        Assert.Matches("^[0-9]+$", answer["metadata.resourceVersion"]);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", answer["metadata.creationTimestamp"]);
        Assert.Equal(answer.Text.TrimEnd(), Get($"{ConfigMaps}/{name}").Ok().Text.TrimEnd());
    }

    [Fact]
    public void Create_needs_no_type_in_the_body()
    {
        var name = NewName();
        var answer = Post(ConfigMaps, $$"""{"metadata":{"name":"{{name}}" } }""").Created();
        Assert.Equal(("v1", "ConfigMap"), (answer["apiVersion"], answer["kind"]));
    }

    [Fact]
    public void Create_of_what_is_there_is_refused()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        var answer = Post(ConfigMaps, ConfigMap(name)).Fails(409, "AlreadyExists", $"configmaps \"{name}\" already exists");
        Assert.Equal(("{}", name, "configmaps", null), (answer["metadata"], answer["details.name"], answer["details.kind"], answer["details.group"]));
    }

    [Fact]
    public void Details_name_the_group()
    {
        var answer = Get(Apps + "/deployments/none").Fails(404, "NotFound", "deployments.apps \"none\" not found");
        Assert.Equal(("none", "apps", "deployments"), (answer["details.name"], answer["details.group"], answer["details.kind"]));
    }

    [Fact]
    public void Get_of_what_is_not_there_is_not_found()
    {
        var answer = Get(ConfigMaps + "/none").Fails(404, "NotFound", "configmaps \"none\" not found");
        Assert.Equal(("{}", "none", "configmaps"), (answer["metadata"], answer["details.name"], answer["details.kind"]));
    }

    [Fact]
    public void Create_in_a_namespace_that_is_not_there_is_refused()
    {
        var answer = Post("/api/v1/namespaces/none/configmaps", ConfigMap(NewName())).Fails(404, "NotFound", "namespaces \"none\" not found");
        Assert.Equal(("none", "namespaces"), (answer["details.name"], answer["details.kind"]));
    }

    [Fact]
    public void A_list_in_a_namespace_that_is_not_there_is_empty() => Assert.Equal("[]", Get("/api/v1/namespaces/none/configmaps").Ok()["items"]);

    [Fact]
    public void Create_with_another_namespace_in_the_body_is_refused() =>
        Post(ConfigMaps, ConfigMap(NewName(), """ "namespace":"other" """)).Fails(400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request");

    [Fact]
    public void Create_with_another_kind_in_the_body_is_refused() =>
        Post(ConfigMaps, Object("v1", "Secret", NewName())).Fails(400, "BadRequest", "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion");

    [Fact]
    public void Create_with_a_version_that_is_not_known_is_refused() =>
        Post(ConfigMaps, Object("v9", "ConfigMap", NewName())).Fails(400, "BadRequest");

    [Fact]
    public void Create_without_a_name_is_invalid()
    {
        var answer = Post(ConfigMaps, """{"data":{} }""").Invalid(("metadata.name", "FieldValueRequired"));
        Assert.Equal("ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required", answer["message"]);
        Assert.Equal(("ConfigMap", "Required value: name or generateName is required"), (answer["details.kind"], answer["details.causes[0].message"]));
    }

    [Fact]
    public void Create_with_a_resourceVersion_is_refused() =>
        Post(ConfigMaps, ConfigMap(NewName(), """ "resourceVersion":"1" """)).Fails(500, "", "resourceVersion should not be set on objects to be created");

    [Fact]
    public void What_the_server_decides_is_not_taken_from_a_client()
    {
        var answer = Post(ConfigMaps, ConfigMap(NewName(), """ "uid":"mine","creationTimestamp":"2001-01-01T00:00:00Z","deletionTimestamp":"2001-01-01T00:00:00Z","deletionGracePeriodSeconds":3,"selfLink":"/x" """)).Created();
        Assert.NotEqual("mine", answer["metadata.uid"]);
        Assert.NotEqual("2001-01-01T00:00:00Z", answer["metadata.creationTimestamp"]);
        Assert.Equal((null, null, null), (answer["metadata.deletionTimestamp"], answer["metadata.deletionGracePeriodSeconds"], answer["metadata.selfLink"]));
    }

    [Fact]
    public void A_list_has_items_without_their_type()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        var answer = Get(ConfigMaps).Ok();
        Assert.Equal(("ConfigMapList", "v1"), (answer["kind"], answer["apiVersion"]));
        Assert.Matches("^[0-9]+$", answer["metadata.resourceVersion"]);
        Assert.Contains(name, answer.Names());
        Assert.Equal((null, null), (answer["items[0].kind"], answer["items[0].apiVersion"]));
    }

    [Fact]
    public void A_list_over_all_namespaces_is_ordered_by_namespace_and_name()
    {
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        var keys = Get("/api/v1/configmaps").Ok().Json["items"]!.AsArray().Select(item => $"{item!["metadata"]!["namespace"]}/{item["metadata"]!["name"]}").ToArray();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void Replace_takes_the_whole_object()
    {
        var name = NewName();
        var created = Post(ConfigMaps, ConfigMap(name, """ "labels":{"x":"y"} """)).Created();
        var answer = Put($"{ConfigMaps}/{name}", ConfigMap(name, data: """ "b":"2" """)).Ok();
        Assert.Equal((null, null, "2"), (answer["metadata.labels"], answer["data.a"], answer["data.b"]));
        Assert.Equal((created["metadata.uid"], created["metadata.creationTimestamp"]), (answer["metadata.uid"], answer["metadata.creationTimestamp"]));
        Assert.NotEqual(created["metadata.resourceVersion"], answer["metadata.resourceVersion"]);
    }

    [Fact]
    public void Replace_of_what_is_not_there_is_not_found() =>
        Put(ConfigMaps + "/none", ConfigMap("none")).Fails(404, "NotFound", "configmaps \"none\" not found");

    [Fact]
    public void Replace_by_an_object_of_another_name_is_refused()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Put($"{ConfigMaps}/{name}", ConfigMap("other")).Fails(400, "BadRequest", $"the name of the object (other) does not match the name on the URL ({name})");
    }

    [Fact]
    public void Replace_by_an_object_without_name_is_refused()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Put($"{ConfigMaps}/{name}", """{"data":{} }""").Fails(400, "BadRequest", $"the name of the object ({name} based on URL) was undeterminable: name must be provided");
    }

    [Fact]
    public void Replace_by_an_object_of_another_uid_is_a_conflict()
    {
        var name = NewName();
        var uid = Post(ConfigMaps, ConfigMap(name)).Created()["metadata.uid"];
        var answer = Put($"{ConfigMaps}/{name}", ConfigMap(name, """ "uid":"other" """));
        answer.Fails(409, "Conflict", $"Operation cannot be fulfilled on configmaps \"{name}\": StorageError: invalid object, Code: 4, Key: /registry/configmaps/{Server.Namespace}/{name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: {uid}");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("not json")]
    public void A_body_that_is_no_object_is_refused(string body) => Post(ConfigMaps, body).Fails(400, "BadRequest");

    [Fact]
    public void Null_is_an_object_without_fields() => Post(ConfigMaps, "null").Invalid(("metadata.name", "FieldValueRequired"));

    [Fact]
    public void A_value_of_another_type_is_refused() => Post(ConfigMaps, Object("v1", "ConfigMap", NewName(), """ "data":{"a":1} """)).Fails(400, "BadRequest");

    [Theory]
    [InlineData("POST", "/x")]
    [InlineData("PUT", "")]
    [InlineData("PATCH", "")]
    public void A_method_that_does_not_fit_the_path_is_not_allowed(string method, string rest)
    {
        var answer = Server.Call(new(new HttpMethod(method), ConfigMaps + rest) { Json = ConfigMap("x"), Type = method == "PATCH" ? MergePatch : "application/json" });
        answer.Fails(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        Assert.Equal("{}", answer["details"]);
    }

    [Fact]
    public void Unknown_fields_of_a_built_in_kind_are_dropped()
    {
        var answer = Post(ConfigMaps, Object("v1", "ConfigMap", NewName(), """ "nothing":1,"data":{"a":"1"} """)).Created();
        Assert.Null(answer["nothing"]);
    }

    [Fact]
    public void Empty_maps_are_not_kept()
    {
        var answer = Post(ConfigMaps, Object("v1", "ConfigMap", NewName(), """ "data":{} """, """ "labels":{},"annotations":{},"finalizers":[] """)).Created();
        Assert.Equal((null, null, null, null), (answer["data"], answer["metadata.labels"], answer["metadata.annotations"], answer["metadata.finalizers"]));
    }

    [Fact]
    public void A_namespaced_object_is_not_created_without_namespace()
    {
        var answer = Post("/api/v1/configmaps", ConfigMap(NewName()));
        answer.Fails(405, "MethodNotAllowed");
    }
}

/// <inheritdoc/>
public sealed class SandboxCrud(SandboxUnderTest server) : CrudChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabCrud(LabUnderTest server) : CrudChecks(server), IClassFixture<LabUnderTest>;
