namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Deletion, what holds it back, and what it brings with it.</summary>
public abstract class DeleteChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void Delete_tells_what_is_gone()
    {
        var (path, created) = New();
        var answer = Delete(path).Ok();
        Assert.Equal(("Status", "v1", "Success"), (answer["kind"], answer["apiVersion"], answer["status"]));
        Assert.Equal((created["metadata.name"], "configmaps", created["metadata.uid"]), (answer["details.name"], answer["details.kind"], answer["details.uid"]));
        Get(path).Fails(404, "NotFound");
    }

    [Fact]
    public void Delete_of_what_is_not_there_is_not_found() => Delete(ConfigMaps + "/none").Fails(404, "NotFound", "configmaps \"none\" not found");

    [Fact]
    public void Delete_of_some_kinds_gives_the_object()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name)).Created();
        var answer = Delete($"{Core}/pods/{name}").Ok();
        Assert.Equal(("Pod", name), (answer["kind"], answer["metadata.name"]));
    }

    [Fact]
    public void A_pod_of_no_node_goes_at_once()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name)).Created();
        Delete($"{Core}/pods/{name}").Ok();
        Get($"{Core}/pods/{name}").Fails(404, "NotFound");
    }

    [Fact]
    public void A_name_can_be_used_again()
    {
        var (path, created) = New();
        Delete(path).Ok();
        Assert.NotEqual(created["metadata.uid"], Post(ConfigMaps, ConfigMap(created["metadata.name"]!)).Created()["metadata.uid"]);
    }

    [Fact]
    public void The_uid_can_be_a_precondition()
    {
        var (path, created) = New();
        Delete(path, """{"preconditions":{"uid":"other"} }""")
            .Fails(409, "Conflict", $"Operation cannot be fulfilled on ConfigMap \"{created["metadata.name"]}\": the UID in the precondition (other) does not match the UID in record ({created["metadata.uid"]}). The object might have been deleted and then recreated");
        Delete(path, $$"""{"preconditions":{"uid":"{{created["metadata.uid"]}}" } }""").Ok();
    }

    [Fact]
    public void The_revision_can_be_a_precondition()
    {
        var (path, created) = New();
        Delete(path, """{"preconditions":{"resourceVersion":"1"} }""")
            .Fails(409, "Conflict", $"Operation cannot be fulfilled on ConfigMap \"{created["metadata.name"]}\": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record ({created["metadata.resourceVersion"]}). The object might have been modified");
    }

    [Fact]
    public void A_finalizer_holds_the_object_back()
    {
        var (path, created) = New(""" "finalizers":["example.org/x"] """);
        var answer = Delete(path).Ok();
        Assert.Equal("ConfigMap", answer["kind"] == "Status" ? Get(path)["kind"] : answer["kind"]);
        var held = Get(path).Ok();
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T", held["metadata.deletionTimestamp"]);
        Assert.Equal(("0", created["metadata.uid"]), (held["metadata.deletionGracePeriodSeconds"], held["metadata.uid"]));
        Release(path);
        Get(path).Fails(404, "NotFound");
    }

    [Fact]
    public void A_second_deletion_changes_nothing()
    {
        var (path, _) = New(""" "finalizers":["example.org/x"] """);
        Delete(path).Ok();
        var before = Get(path)["metadata.deletionTimestamp"];
        Delete(path).Ok();
        Assert.Equal(before, Get(path)["metadata.deletionTimestamp"]);
        Release(path);
    }

    [Fact]
    public void The_last_write_of_a_released_object_gives_it_once_more()
    {
        var (path, created) = New(""" "finalizers":["example.org/x"] """);
        Delete(path).Ok();
        Assert.Equal(created["metadata.name"], Release(path)["metadata.name"]);
    }

    [Fact]
    public void An_object_that_goes_takes_no_new_finalizer()
    {
        var (path, _) = New(""" "finalizers":["example.org/x"] """);
        Delete(path).Ok();
        var answer = Patch(path, """{"metadata":{"finalizers":["example.org/x","example.org/y"]} }""").Invalid(("metadata.finalizers", "FieldValueForbidden"));
        Assert.Contains("no new finalizers can be added if the object is being deleted, found new finalizers []string{\"example.org/y\"}", answer["message"], StringComparison.Ordinal);
        Release(path);
    }

    [Fact]
    public void An_object_that_goes_is_not_created_again()
    {
        var (path, created) = New(""" "finalizers":["example.org/x"] """);
        Delete(path).Ok();
        var answer = Post(ConfigMaps, ConfigMap(created["metadata.name"]!)).Fails(409, "AlreadyExists");
        Assert.Equal($"object is being deleted: configmaps \"{created["metadata.name"]}\" already exists", answer["message"]);
        Release(path);
    }

    [Fact]
    public void Foreground_deletion_waits_for_the_dependents()
    {
        var (path, owner) = New();
        var (dependent, _) = New(Owner(owner) + """ ,"finalizers":["example.org/x"] """);
        var answer = Delete(path, """{"propagationPolicy":"Foreground"}""").Ok();
        Assert.Equal("""["foregroundDeletion"]""", answer["metadata.finalizers"]);
        Eventually(() => Get(dependent), item => item["metadata.deletionTimestamp"] is not null);
        Get(path).Ok();
        Release(dependent);
        Eventually(() => Get(path), item => item.Status == 404);
    }

    [Fact]
    public void Background_deletion_comes_before_the_dependents()
    {
        var (path, owner) = New();
        var (dependent, _) = New(Owner(owner));
        Assert.Equal("Success", Delete(path, """{"propagationPolicy":"Background"}""").Ok()["status"]);
        Get(path).Fails(404, "NotFound");
        Eventually(() => Get(dependent), item => item.Status == 404);
    }

    [Fact]
    public void Orphans_stay_without_owner()
    {
        var (path, owner) = New();
        var (dependent, _) = New(Owner(owner));
        Delete(path, """{"propagationPolicy":"Orphan"}""").Ok();
        Eventually(() => Get(path), item => item.Status == 404);
        Assert.Null(Get(dependent).Ok()["metadata.ownerReferences"]);
    }

    [Fact]
    public void A_dependent_of_nobody_is_collected()
    {
        var (path, owner) = New();
        Delete(path).Ok();
        var (dependent, _) = New(Owner(owner));
        Eventually(() => Get(dependent), item => item.Status == 404);
    }

    [Fact]
    public void The_policy_may_be_in_the_query()
    {
        var (path, _) = New(""" "finalizers":["example.org/x"] """);
        Assert.Contains("foregroundDeletion", Delete(path + "?propagationPolicy=Foreground").Ok()["metadata.finalizers"], StringComparison.Ordinal);
        Release(path);
    }

    [Fact]
    public void An_unknown_policy_is_invalid()
    {
        var (path, _) = New();
        Delete(path, """{"propagationPolicy":"Elsewhere"}""").Fails(422, "Invalid");
    }

    [Fact]
    public void Two_policies_at_once_are_invalid()
    {
        var (path, _) = New();
        Delete(path, """{"propagationPolicy":"Orphan","orphanDependents":true}""").Fails(422, "Invalid");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"apiVersion":"v1","kind":"Pod"}""")]
    public void Options_that_are_none_are_refused(string options)
    {
        var (path, _) = New();
        Delete(path, options).Fails(500, "");
    }

    [Fact]
    public void A_collection_is_deleted_by_label()
    {
        var label = NewName("l");
        var (one, _) = New($$""" "labels":{"set":"{{label}}"} """);
        var (two, _) = New($$""" "labels":{"set":"{{label}}"} """);
        var (other, _) = New();
        var answer = Delete($"{ConfigMaps}?labelSelector=set%3D{label}").Ok();
        Assert.Equal(("ConfigMapList", 2), (answer["kind"], answer.Names().Length));
        Assert.Equal((404, 404, 200), (Get(one).Status, Get(two).Status, Get(other).Status));
    }

    [Fact]
    public void An_owner_must_be_named_whole()
    {
        Post(ConfigMaps, ConfigMap(NewName(), """ "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"","uid":""}] """))
            .Invalid(("metadata.ownerReferences.name", "FieldValueInvalid"), ("metadata.ownerReferences.uid", "FieldValueInvalid"));
    }

    [Fact]
    public void Only_one_owner_controls()
    {
        const string Owners = """ "ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"a","uid":"1","controller":true},{"apiVersion":"v1","kind":"Pod","name":"b","uid":"2","controller":true}] """;
        Post(ConfigMaps, ConfigMap(NewName(), Owners)).Invalid(("metadata.ownerReferences", "FieldValueInvalid"));
    }

    private static string Owner(ApiAnswer owner) =>
        $$""" "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{owner["metadata.name"]}}","uid":"{{owner["metadata.uid"]}}","blockOwnerDeletion":true}] """;

    private ApiAnswer Release(string path) => Patch(path, """{"metadata":{"finalizers":null} }""").Ok();

    private (string Path, ApiAnswer Created) New(string metadata = "")
    {
        var name = NewName();
        return ($"{ConfigMaps}/{name}", Post(ConfigMaps, ConfigMap(name, metadata)).Created());
    }
}

/// <inheritdoc/>
public sealed class SandboxDelete(SandboxUnderTest server) : DeleteChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabDelete(LabUnderTest server) : DeleteChecks(server), IClassFixture<LabUnderTest>;
