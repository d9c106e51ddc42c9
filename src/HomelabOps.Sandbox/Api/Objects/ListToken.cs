using System.Buffers;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Where a list goes on: behind an object, in a state of the collection (negative: in the present one).</summary>
internal sealed record ListToken(long Revision, ObjectKey After)
{
    private const string Version = "meta.k8s.io/v1";
    private static readonly SearchValues<char> Digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=");

    public string Encode() => Convert.ToBase64String(ObjectJson.ToBytes(new JsonObject
    {
        ["v"] = Version,
        ["rv"] = Revision,
        ["start"] = $"{After.Namespace}/{After.Name}",
    })).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static ListToken Decode(string text)
    {
        try
        {
            var padded = text.Replace('-', '+').Replace('_', '/');
            var node = BodyReader.Read(Convert.FromBase64String(padded.PadRight((padded.Length + 3) / 4 * 4, '=')), [])!;
            if ((string?)node["v"] is var version && version != Version)
            {
                throw ApiErrors.BadRequest($"server does not recognize this encoded version \"{version}\"");
            }

            var start = ((string)node["start"]!).Split('/', 2);
            return new(Numbers.Whole(node["rv"])!.Value, new(start[0], start[1]));
        }
        catch (ApiException error)
        {
            throw Invalid(error.Message);
        }
        catch (FormatException)
        {
            var place = text.AsSpan().IndexOfAnyExcept(Digits);
            throw Invalid($"illegal base64 data at input byte {(place < 0 ? text.Length : place)}");
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or IndexOutOfRangeException)
        {
            throw Invalid($"encoded start key empty (version {Version})");
        }
    }

    private static ApiException Invalid(string why) => ApiErrors.BadRequest("continue key is not valid: " + why);
}
