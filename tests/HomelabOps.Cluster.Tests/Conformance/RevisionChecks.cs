using System.Globalization;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>resourceVersion and generation: what they count, and what they guard.</summary>
public abstract class RevisionChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    [Fact]
    public void Each_write_has_a_higher_revision()
    {
        var (path, created) = New();
        var first = Revision(created);
        var second = Revision(Patch(path, """{"data":{"a":"2"} }""").Ok());
        Assert.True(second > first);
        Assert.True(Revision(Post(ConfigMaps, ConfigMap(NewName())).Created()) > second);
    }

    [Fact]
    public void A_replacement_of_an_old_revision_is_a_conflict()
    {
        var (path, created) = New();
        Patch(path, """{"data":{"a":"2"} }""").Ok();
        var name = created["metadata.name"]!;
        var answer = Put(path, ConfigMap(name, $$""" "resourceVersion":"{{created["metadata.resourceVersion"]}}" """))
            .Fails(409, "Conflict", $"Operation cannot be fulfilled on configmaps \"{name}\": the object has been modified; please apply your changes to the latest version and try again");
        Assert.Equal((name, "configmaps"), (answer["details.name"], answer["details.kind"]));
    }

    [Fact]
    public void A_replacement_without_revision_wins()
    {
        var (path, created) = New();
        Patch(path, """{"data":{"a":"2"} }""").Ok();
        Assert.Equal("1", Put(path, ConfigMap(created["metadata.name"]!)).Ok()["data.a"]);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    public void A_revision_that_is_no_number_is_refused(string revision)
    {
        var (path, created) = New();
        Put(path, ConfigMap(created["metadata.name"]!, $$""" "resourceVersion":"{{revision}}" """)).Fails(500, "", $"strconv.ParseUint: parsing \"{revision}\": invalid syntax");
    }

    [Fact]
    public void A_replacement_by_the_same_leaves_the_revision()
    {
        var (path, created) = New();
        Assert.Equal(created["metadata.resourceVersion"], Put(path, created.Text).Ok()["metadata.resourceVersion"]);
    }

    [Fact]
    public void Get_may_ask_for_a_revision_at_least()
    {
        var (path, created) = New();
        Get($"{path}?resourceVersion={created["metadata.resourceVersion"]}").Ok();
        Get(path + "?resourceVersion=0").Ok();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/none")]
    public void A_revision_in_the_query_must_be_a_number(string rest) =>
        Get(ConfigMaps + rest + "?resourceVersion=abc").Fails(500, "", "resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax");

    [Fact]
    public void The_generation_counts_changes_of_the_spec()
    {
        var name = NewName("d");
        var path = $"{Apps}/deployments/{name}";
        Assert.Equal("1", Post(Apps + "/deployments", Deployment(name)).Created()["metadata.generation"]);
        Assert.Equal("2", Patch(path, """{"spec":{"revisionHistoryLimit":3} }""").Ok()["metadata.generation"]);
        Assert.Equal("2", Patch(path, """{"metadata":{"labels":{"x":"y"} } }""").Ok()["metadata.generation"]);
        Assert.Equal("2", Patch(path, """{"spec":{"revisionHistoryLimit":3} }""").Ok()["metadata.generation"]);
    }

    [Fact]
    public void The_status_has_no_part_in_the_generation()
    {
        var name = NewName("d");
        var path = $"{Apps}/deployments/{name}";
        Post(Apps + "/deployments", Deployment(name)).Created();
        Assert.Equal("1", Patch(path + "/status", """{"status":{"collisionCount":1} }""").Ok()["metadata.generation"]);
    }

    [Fact]
    public void Deletion_counts_in_the_generation()
    {
        var name = NewName("d");
        var path = $"{Apps}/deployments/{name}";
        Post(Apps + "/deployments", Deployment(name)).Created();
        Patch(path, """{"metadata":{"finalizers":["example.org/x"]} }""").Ok();
        Delete(path).Ok();
        Assert.Equal("2", Get(path)["metadata.generation"]);
        Patch(path, """{"metadata":{"finalizers":null} }""").Ok();
    }

    [Fact]
    public void Kinds_without_spec_have_no_generation() => Assert.Null(New().Created["metadata.generation"]);

    private static long Revision(ApiAnswer answer) => long.Parse(answer["metadata.resourceVersion"]!, CultureInfo.InvariantCulture);

    private (string Path, ApiAnswer Created) New()
    {
        var name = NewName();
        return ($"{ConfigMaps}/{name}", Post(ConfigMaps, ConfigMap(name)).Created());
    }
}

/// <inheritdoc/>
public sealed class SandboxRevision(SandboxUnderTest server) : RevisionChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabRevision(LabUnderTest server) : RevisionChecks(server), IClassFixture<LabUnderTest>;
