namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Rehearsals: everything is checked and answered, and nothing is kept.</summary>
public abstract class DryRunChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string All = "?dryRun=All";

    [Fact]
    public void A_rehearsed_creation_leaves_nothing()
    {
        var name = NewName();
        var answer = Post(ConfigMaps + All, ConfigMap(name)).Created();
        Assert.Equal(name, answer["metadata.name"]);
        Assert.NotNull(answer["metadata.uid"]);
        Assert.Null(answer["metadata.resourceVersion"]);
        Get($"{ConfigMaps}/{name}").Fails(404, "NotFound");
    }

    [Fact]
    public void A_rehearsed_creation_is_checked()
    {
        var name = NewName();
        Post(ConfigMaps + All, ConfigMap("Wrong")).Fails(422, "Invalid");
        Post(ConfigMaps, ConfigMap(name)).Created();
        Post(ConfigMaps + All, ConfigMap(name)).Fails(409, "AlreadyExists");
    }

    [Fact]
    public void A_rehearsed_change_is_answered_and_forgotten()
    {
        var path = New();
        var before = Get(path).Text;
        Assert.Equal("2", Patch(path + All, """{"data":{"a":"2"} }""").Ok()["data.a"]);
        Assert.Equal("3", Put(path + All, ConfigMap(path[(path.LastIndexOf('/') + 1)..], data: """ "a":"3" """)).Ok()["data.a"]);
        Assert.Equal(before, Get(path).Text);
    }

    [Fact]
    public void A_rehearsed_apply_finds_conflicts()
    {
        var path = New();
        Apply(path, ConfigMap(path[(path.LastIndexOf('/') + 1)..], data: """ "a":"2" """), "one", "&dryRun=All").Fails(409, "Conflict");
    }

    [Fact]
    public void A_rehearsed_apply_leaves_nothing()
    {
        var name = NewName();
        Apply($"{ConfigMaps}/{name}", ConfigMap(name), "one", "&dryRun=All").Created();
        Get($"{ConfigMaps}/{name}").Fails(404, "NotFound");
    }

    [Fact]
    public void A_rehearsed_deletion_leaves_the_object()
    {
        var path = New();
        Assert.Equal("Success", Delete(path + All).Ok()["status"]);
        Delete(path, """{"dryRun":["All"]}""").Ok();
        Get(path).Ok();
    }

    [Fact]
    public void A_rehearsed_deletion_of_a_collection_leaves_it()
    {
        var path = New();
        Assert.Equal("ConfigMapList", Delete(ConfigMaps + All).Ok()["kind"]);
        Get(path).Ok();
    }

    [Theory]
    [InlineData("POST", "CreateOptions")]
    [InlineData("PATCH", "PatchOptions")]
    [InlineData("DELETE", "DeleteOptions")]
    public void Only_all_can_be_rehearsed(string method, string kind)
    {
        var path = method == "POST" ? ConfigMaps : New();
        var answer = Server.Call(new(new HttpMethod(method), path + "?dryRun=Some") { Json = method == "DELETE" ? null : ConfigMap(NewName()), Type = method == "PATCH" ? MergePatch : "application/json" });
        answer.Fails(422, "Invalid", $"{kind}.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{{\"Some\"}}: supported values: \"All\"");
    }

    [Fact]
    public void A_rehearsed_service_has_an_address_that_nobody_holds()
    {
        var answer = Post(Core + "/services" + All, Object("v1", "Service", NewName("s"), """ "spec":{"ports":[{"port":80}]} """)).Created();
        Assert.Equal(("ClusterIP", "80"), (answer["spec.type"], answer["spec.ports[0].targetPort"]));
    }

    private string New()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        return $"{ConfigMaps}/{name}";
    }
}

/// <inheritdoc/>
public sealed class SandboxDryRun(SandboxUnderTest server) : DryRunChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabDryRun(LabUnderTest server) : DryRunChecks(server), IClassFixture<LabUnderTest>;
