using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux;

/// <summary>Reads what a release consists of where Helm keeps it: in Secrets. Of their content only the manifest's names are used.</summary>
internal static class HelmStorage
{
    private static readonly ResourceType Secret = new("", "v1", "secrets", "Secret", true);

    /// <summary>The Secret of the newest release of a HelmRelease; null while there is none.</summary>
    public static (string Namespace, string Name, string ReleaseNamespace)? SecretOf(JsonObject release)
    {
        var status = release["status"] as JsonObject;
        if (status?["history"] is not JsonArray { Count: > 0 } history || history[0] is not JsonObject newest)
        {
            return null;
        }

        var space = (string?)newest["namespace"] ?? "";
        return ((string?)status["storageNamespace"] ?? space, $"sh.helm.release.v1.{(string?)newest["name"]}.v{newest["version"]}", space);
    }

    /// <summary>The objects of a release.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="namespace">Namespace of the Secret.</param>
    /// <param name="name">Name of the Secret.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The manifests; null when the Secret does not exist.</returns>
    /// <exception cref="HomelabException">AccessDenied; HelmStorageInvalid.</exception>
    public static async Task<IReadOnlyList<JsonObject>?> ReadAsync(ClusterClient client, string @namespace, string name, CancellationToken cancellationToken) =>
        await client.FindAsync(Secret, @namespace, name, ObjectNodeContext.Default.ObjectNode, cancellationToken) is { } found ? Manifests(found) : null;

    /// <summary>The objects of all releases that are deployed, by namespace and name of the Secret, with one request.</summary>
    /// <exception cref="HomelabException">AccessDenied.</exception>
    public static async Task<Dictionary<(string, string), IReadOnlyList<JsonObject>>> ReadDeployedAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var releases = new Dictionary<(string, string), IReadOnlyList<JsonObject>>();
        var query = new ListQuery { LabelSelector = "owner=helm,status=deployed", FieldSelector = "type=helm.sh/release.v1" };
        await foreach (var item in client.ListAsync(Secret, query, ObjectNodeContext.Default.ObjectNode, cancellationToken: cancellationToken))
        {
            try
            {
                releases[(item.Metadata.Namespace ?? "", item.Metadata.Name)] = Manifests(item);
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.HelmStorageInvalid))
            {
                // Perhaps nobody asks for this one. Who does reads it alone, and is told.
            }
        }

        return releases;
    }

    // The release as JSON, gzipped, as base64 within the base64 of the Secret itself.
    private static List<JsonObject> Manifests(ObjectNode secret)
    {
        var place = $"Secret/{secret.Metadata.Namespace}/{secret.Metadata.Name}";
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret.Json["data"]?["release"] ?? ""));
            using var zip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            using var release = JsonDocument.Parse(zip);
            var manifest = release.RootElement.GetProperty("manifest").GetString() ?? "";
            return [.. ManifestReader.Read(place, manifest).Select(item => item.Content)];
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or JsonException or KeyNotFoundException or InvalidOperationException or HomelabException)
        {
            throw Errors.HelmStorageInvalid(place, error);
        }
    }
}
