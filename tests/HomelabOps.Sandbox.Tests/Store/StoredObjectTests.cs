using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Tests.Store;

public sealed class StoredObjectTests
{
    private static readonly ObjectKey Key = new("default", "a");
    private static readonly FieldPath[] Fields = [new("metadata.name")];

    [Theory]
    [InlineData("""{"spec":{"x":1}}""")]
    [InlineData("""{"spec":{"resourceVersion":"9"}}""")]
    [InlineData("""{"spec":{"text":"\"resourceVersion\":\"9\""}}""")]
    public void A_state_at_another_revision_is_as_if_it_was_made_there(string rest)
    {
        foreach (var revision in new[] { 9, 10, 123456 })
        {
            var (moved, made) = (StoredObject.Create(Key, 9, Node(rest), Fields).At(revision, Fields), StoredObject.Create(Key, revision, Node(rest), Fields));
            Assert.Equal(Encoding.UTF8.GetString(made.Json), Encoding.UTF8.GetString(moved.Json));
            Assert.Equal((made.Revision, made.Uid, made.IsDeleting), (moved.Revision, moved.Uid, moved.IsDeleting));
            Assert.Equal(made.Labels, moved.Labels);
            Assert.Equal([.. made.Fields, .. made.Owners], [.. moved.Fields, .. moved.Owners]);
        }
    }

    private static JsonObject Node(string rest)
    {
        var node = JsonNode.Parse(rest)!.AsObject();
        node.Insert(0, "metadata", JsonNode.Parse("""{"name":"a","uid":"u","labels":{"l":"v"},"ownerReferences":[{"uid":"o"}],"deletionTimestamp":"2026-01-01T00:00:00Z"}"""));
        return node;
    }
}
