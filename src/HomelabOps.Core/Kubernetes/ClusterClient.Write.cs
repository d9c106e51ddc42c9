using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Kubernetes;

public sealed partial class ClusterClient
{
    // CustomResourceDefinitions nest deeper than the 64 levels that are usual.
    private static readonly JsonDocumentOptions AnswerOptions = new() { MaxDepth = 512 };

    /// <summary>Creates an object and gives it as the server made it. <see cref="Errors.ResourceExists"/> when the name is taken.</summary>
    internal Task<JsonObject> CreateAsync(ResourceType type, string? @namespace, JsonObject body, CancellationToken cancellationToken, WriteOptions? options = null) => WriteAsync(
        type,
        new ApiRequest("create", type.QualifiedName, @namespace, (string?)body["metadata"]?["name"]) { Method = HttpMethod.Post, Body = Bytes(body), IsRepeatable = false },
        null,
        options ?? new(),
        cancellationToken);

    /// <summary>Creates what an object has beside itself: a binding or an eviction of a pod, a token of an account.</summary>
    internal Task<JsonObject> CreatePartAsync(ResourceType type, string? @namespace, string name, JsonObject body, WriteOptions options, CancellationToken cancellationToken) => WriteAsync(
        type,
        new ApiRequest("create", $"{type.QualifiedName}/{options.Subresource}", @namespace, name) { Method = HttpMethod.Post, Body = Bytes(body), IsRepeatable = false, Attempts = options.Attempts },
        name,
        options,
        cancellationToken);

    /// <summary>Replaces an object, or its status. <see cref="Errors.ResourceConflict"/> when it is no longer what was read.</summary>
    internal Task<JsonObject> ReplaceAsync(ResourceType type, string? @namespace, string name, JsonObject body, CancellationToken cancellationToken, WriteOptions? options = null) => WriteAsync(
        type,
        new ApiRequest("update", type.QualifiedName, @namespace, name) { Method = HttpMethod.Put, Body = Bytes(body) },
        name,
        options ?? new(),
        cancellationToken);

    /// <summary>Changes an object, or its status.</summary>
    internal Task<JsonObject> PatchAsync(ResourceType type, string? @namespace, string name, PatchKind kind, JsonNode patch, CancellationToken cancellationToken, WriteOptions? options = null) => WriteAsync(
        type,
        new ApiRequest("patch", type.QualifiedName, @namespace, name)
        {
            Method = HttpMethod.Patch,
            Body = Bytes(patch),
            BodyType = kind switch
            {
                PatchKind.Merge => "application/merge-patch+json",
                PatchKind.StrategicMerge => "application/strategic-merge-patch+json",
                PatchKind.Json => "application/json-patch+json",
                _ => "application/apply-patch+yaml",
            },

            // An operation on a list may say something else when it is said twice.
            IsRepeatable = kind != PatchKind.Json,
        },
        name,
        (options ?? new()) with { Force = kind == PatchKind.Apply && options?.Force == true },
        cancellationToken);

    /// <summary>Creates an object that is secret: its JSON is bytes that the caller wipes, and of the answer only the metadata is asked for.</summary>
    internal Task<JsonObject> CreateSecretlyAsync(ResourceType type, string? @namespace, string name, byte[] body, WriteOptions options, CancellationToken cancellationToken) => WriteAsync(
        type,
        new ApiRequest("create", type.QualifiedName, @namespace, name) { Method = HttpMethod.Post, Body = body, Accept = NameReader.MetadataOfOne, IsRepeatable = false },
        null,
        options,
        cancellationToken);

    /// <summary>Merges a patch that is secret into an object, as <see cref="CreateSecretlyAsync"/>.</summary>
    internal Task<JsonObject> MergeSecretlyAsync(ResourceType type, string? @namespace, string name, byte[] patch, WriteOptions options, CancellationToken cancellationToken) => WriteAsync(
        type,
        new ApiRequest("patch", type.QualifiedName, @namespace, name) { Method = HttpMethod.Patch, Body = patch, BodyType = "application/merge-patch+json", Accept = NameReader.MetadataOfOne },
        name,
        options,
        cancellationToken);

    /// <summary>Deletes an object, and gives it as it was, or a status.</summary>
    internal async Task<JsonObject> DeleteAsync(ResourceType type, string? @namespace, string name, DeleteRequest delete, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("delete", type.QualifiedName, @namespace, name) { Method = HttpMethod.Delete, Body = Bytes(delete.ToBody()) };
        return await SendForObjectAsync(type.Path(@namespace, name), request, cancellationToken);
    }

    /// <summary>Reads one object whole, or null when it does not exist.</summary>
    internal async Task<JsonObject?> FindObjectAsync(ResourceType type, string? @namespace, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await SendForObjectAsync(type.Path(@namespace, name), new ApiRequest("get", type.QualifiedName, @namespace, name), cancellationToken);
        }
        catch (HomelabException error) when (error.Id == nameof(Errors.ResourceNotFound))
        {
            return null;
        }
    }

    private Task<JsonObject> WriteAsync(ResourceType type, ApiRequest request, string? name, WriteOptions options, CancellationToken cancellationToken)
    {
        var url = new StringBuilder(type.Path(request.Namespace, name));
        if (options.Subresource is not null)
        {
            url.Append('/').Append(options.Subresource);
        }

        ListQuery.Append(url, "fieldManager", options.FieldManager);
        ListQuery.Append(url, "dryRun", options.DryRun ? "All" : null);
        ListQuery.Append(url, "force", options.Force ? "true" : null);
        return SendForObjectAsync(url.ToString(), request, cancellationToken);
    }

    private async Task<JsonObject> SendForObjectAsync(string pathAndQuery, ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendReadAsync(pathAndQuery, request, cancellationToken);
        return await ReadBodyAsync(response, request, ParseAsync, cancellationToken);

        static async Task<JsonObject> ParseAsync(Stream body, CancellationToken stop) =>
            await JsonNode.ParseAsync(body, documentOptions: AnswerOptions, cancellationToken: stop) as JsonObject ?? throw new JsonException("The answer is no object.");
    }

    private static byte[] Bytes(JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
