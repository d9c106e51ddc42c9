using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Drills.Copying;

/// <summary>
/// Secrets without their values. A table of them has the type, and the names of the keys stand in the account of who set which field, so
/// that the values never leave the API server. Each key gets a value that says nothing.
/// </summary>
internal static class SecretOutlines
{
    private const string Accept = "application/json;as=Table;g=meta.k8s.io;v=v1";
    // Of no other it is known that they do not hold the object as somebody has applied it, with its values.
    private static readonly string[] KeptAnnotations = ["kubernetes.io/", "kustomize.toolkit.fluxcd.io/", "meta.helm.sh/"];

    private const string FieldPrefix = "f:";
    private const int Page = 500;

    /// <summary>Reads them, and tells by namespace and name those that have keys which nobody is known to have set.</summary>
    /// <exception cref="HomelabException">AccessDenied and others.</exception>
    public static async Task<(IReadOnlyList<JsonObject> Outlines, IReadOnlyList<string> Unknown)> ReadAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var (found, unknown, next) = (new List<JsonObject>(), new List<string>(), "");
        do
        {
            var path = $"api/v1/secrets?includeObject=Metadata&limit={Page}{(next.Length > 0 ? "&continue=" + Uri.EscapeDataString(next) : "")}";
            var table = await client.GetAsync(path, RawJsonContext.Default.JsonElement, new ApiRequest("list", "secrets") { Accept = Accept }, cancellationToken);
            var (type, count) = (Column(table, "Type"), Column(table, "Data"));
            foreach (var row in table.GetProperty("rows").EnumerateArray())
            {
                var outline = Outline(row, type);
                found.Add(outline);
                if (count >= 0 && row.GetProperty("cells")[count].GetInt32() > outline["data"]!.AsObject().Count)
                {
                    unknown.Add($"{(string?)outline["metadata"]!["namespace"]}/{(string?)outline["metadata"]!["name"]}");
                }
            }

            next = RawJson.Metadata(table, "continue");
        }
        while (next.Length > 0);
        return (found, unknown);
    }

    private static int Column(JsonElement table, string name) =>
        table.GetProperty("columnDefinitions").EnumerateArray().Select(column => column.GetProperty("name").GetString()).ToList().IndexOf(name);

    private static JsonObject Outline(JsonElement row, int column)
    {
        var metadata = JsonObject.Create(row.GetProperty("object").GetProperty("metadata").Clone())!;
        if (metadata["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = new JsonObject(annotations.Where(entry => KeptAnnotations.Any(kept => entry.Key.StartsWith(kept, StringComparison.Ordinal))).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        }

        var (space, name) = ((string?)metadata["namespace"] ?? "", (string?)metadata["name"] ?? "");
        var keys = (metadata["managedFields"] as JsonArray ?? []).Select(entry => entry?["fieldsV1"]?["f:data"] as JsonObject).OfType<JsonObject>()
            .SelectMany(fields => fields.Select(field => field.Key)).Where(field => field.StartsWith(FieldPrefix, StringComparison.Ordinal)).Select(field => field[FieldPrefix.Length..]).Distinct(StringComparer.Ordinal);
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = metadata,
            ["type"] = column < 0 ? "Opaque" : row.GetProperty("cells")[column].GetString(),
            ["data"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)SecretStandIn.Encoded(space, name, key)))),
        };
    }
}
