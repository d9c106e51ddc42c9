using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Where a list goes on: behind an object, in a state of the collection (negative: in the present one).</summary>
internal sealed record ListToken(long Revision, ObjectKey After)
{
    public string Encode() => Convert.ToBase64String(ObjectJson.ToBytes(new JsonObject
    {
        ["v"] = "meta.k8s.io/v1",
        ["rv"] = Revision,
        ["start"] = $"{After.Namespace}/{After.Name}",
    })).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static ListToken Decode(string text)
    {
        try
        {
            var padded = text.Replace('-', '+').Replace('_', '/');
            var node = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '='))))!;
            var start = ((string)node["start"]!).Split('/', 2);
            return new(Numbers.Whole(node["rv"])!.Value, new(start[0], start[1]));
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or NullReferenceException or IndexOutOfRangeException)
        {
            throw ApiErrors.BadRequest("continue key is not valid: " + error.Message);
        }
    }
}
