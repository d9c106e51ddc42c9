using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Selecting;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Objects;

/// <summary>Cuts a list into pages of one state of the collection.</summary>
internal static class ListPager
{
    /// <param name="collection">Where the objects are.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="query">limit, continue, resourceVersion and resourceVersionMatch.</param>
    public static Page Read(Collection collection, ObjectSelection selection, RequestQuery query)
    {
        var limit = query.Number("limit") is { } number and > 0 ? (int)Math.Min(number, int.MaxValue) : int.MaxValue;
        var token = query["continue"] is { } text ? ListToken.Decode(text) : null;
        var snapshot = Snapshot(collection, selection, query, token);
        var (start, objects) = (0, snapshot.Objects);
        if (token is not null)
        {
            // The first object behind the last one that was given.
            while (start < objects.Length && objects[start].Key.CompareTo(token.After) <= 0)
            {
                start++;
            }
        }

        var items = new List<StoredObject>(Math.Min(limit, objects.Length - start));
        var index = start;
        for (; index < objects.Length && items.Count < limit; index++)
        {
            if (selection.IsEverything || selection.Matches(objects[index]))
            {
                items.Add(objects[index]);
            }
        }

        // With a selector the last object may be followed by none that matches; the real server looks for one, too.
        var more = index < objects.Length && (selection.IsEverything || objects.Skip(index).Any(selection.Matches));
        return new(
            snapshot.Revision,
            items,
            more ? new ListToken(snapshot.Revision, items[^1].Key).Encode() : null,
            more && selection.IsEverything ? objects.Length - index : null);
    }

    private static Collection.Snapshot Snapshot(Collection collection, ObjectSelection selection, RequestQuery query, ListToken? token)
    {
        var (version, match) = (query["resourceVersion"], query["resourceVersionMatch"]);
        if (token is not null)
        {
            if (version is not (null or "0"))
            {
                throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
            }

            if (match is not null)
            {
                throw Invalid(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"));
            }

            // A token without a revision goes on in the present state.
            return token.Revision < 0 ? collection.Read(selection.Namespace) : collection.ReadAt(selection.Namespace, token.Revision) ?? throw ApiErrors.Expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
                (token with { Revision = -1 }).Encode());
        }

        if (match is not (null or "Exact" or "NotOlderThan"))
        {
            throw Invalid(FieldError.NotSupported("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""]));
        }

        if (match is not null && version is null)
        {
            throw Invalid(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }

        if (match == "Exact" && version == "0")
        {
            throw Invalid(FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }

        var revision = Revision(version);
        var present = collection.Read(selection.Namespace);
        if (revision > present.Revision)
        {
            throw ApiErrors.TooLarge(revision, present.Revision);
        }

        return match == "Exact" || (match is null && revision > 0 && query["limit"] is not (null or "0"))
            ? collection.ReadAt(selection.Namespace, revision) ?? throw ApiErrors.ListExpired()
            : present;
    }

    public static long Revision(string? text) => text is null ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ApiErrors.Plain($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static ApiException Invalid(FieldError error) => ApiErrors.InvalidOptions("ListOptions", error);

    internal sealed record Page(long Revision, List<StoredObject> Items, string? Continue, int? Remaining)
    {
        /// <summary>Sends it with the stored bytes as they are.</summary>
        public Task SendAsync(ApiResponse response, ResourceKind kind, KindVersion version)
        {
            var metadata = new JsonObject { ["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture) };
            Describe(metadata);
            var head = Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind.ListKind}\",\"apiVersion\":\"{version.ApiVersion}\",\"metadata\":{Encoding.UTF8.GetString(ObjectJson.ToBytes(metadata))},\"items\":[");
            var parts = new List<ReadOnlyMemory<byte>>((Items.Count * 2) + 2) { head };
            long length = head.Length;

            // Items of built-in kinds do not repeat their type.
            ReadOnlyMemory<byte> begin = kind.IsCustom ? version.Head : "{"u8.ToArray();
            ReadOnlyMemory<byte> next = kind.IsCustom ? (byte[])[(byte)',', .. version.Head] : ",{"u8.ToArray();
            for (var index = 0; index < Items.Count; index++)
            {
                var lead = index == 0 ? begin : next;
                var body = VersionConversion.Bytes(kind, version, Items[index]).AsMemory(1);
                parts.Add(lead);
                parts.Add(body);
                length += lead.Length + body.Length;
            }

            var tail = "]}"u8.ToArray();
            parts.Add(tail);
            return response.SendAsync(parts, length + tail.Length, 200, "application/json");
        }

        public void Describe(JsonObject metadata)
        {
            metadata["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
            if (Continue is not null)
            {
                metadata["continue"] = Continue;
            }

            if (Remaining is not null)
            {
                metadata["remainingItemCount"] = Remaining;
            }
        }
    }
}
