using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux.Helm;

/// <summary>The Secret in which Helm keeps a release.</summary>
internal static class HelmStorage
{
    public static string Name(string release, long version) => $"sh.helm.release.v1.{release}.v{version}";

    /// <summary>The Secret: the release as JSON, gzipped, as base64 within the base64 of the Secret itself.</summary>
    public static JsonObject Secret(ObjectName release, string storageNamespace, long version, string chart, string chartVersion, IEnumerable<JsonObject> objects, JsonNode? values, DateTimeOffset now)
    {
        var time = Timestamps.Format(now);
        var content = new JsonObject
        {
            ["name"] = release.Name,
            ["namespace"] = release.Namespace,
            ["version"] = version,
            ["info"] = new JsonObject
            {
                ["first_deployed"] = time,
                ["last_deployed"] = time,
                ["status"] = "deployed",
                ["description"] = version == 1 ? "Install complete" : "Upgrade complete",
            },
            ["chart"] = new JsonObject { ["metadata"] = new JsonObject { ["name"] = chart, ["version"] = chartVersion } },
            ["config"] = values?.DeepClone() ?? new JsonObject(),

            // JSON is YAML as well, so each document can be read by whoever reads manifests.
            ["manifest"] = string.Concat(objects.Select(item => $"---\n{item.ToJsonString()}\n")),
        };
        return new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name(release.Name, version),
                ["namespace"] = storageNamespace,
                ["labels"] = new JsonObject { ["name"] = release.Name, ["owner"] = "helm", ["status"] = "deployed", ["version"] = $"{version}" },
            },
            ["type"] = "helm.sh/release.v1",
            ["data"] = new JsonObject { ["release"] = Pack(content) },
        };
    }

    /// <summary>Another release has taken its place, or another end has come to it.</summary>
    /// <param name="secret">As it is kept; it is not changed.</param>
    /// <param name="status">Such as <c>superseded</c>.</param>
    public static JsonObject WithStatus(JsonObject secret, string status)
    {
        var changed = secret.DeepClone().AsObject();
        (changed["metadata"]!["labels"] ??= new JsonObject())["status"] = status;
        if ((string?)changed["data"]?["release"] is { } packed && JsonNode.Parse(Unzip(packed)) is JsonObject content)
        {
            content["info"]!["status"] = status;
            changed["data"]!["release"] = Pack(content);
        }

        return changed;
    }

    private static string Pack(JsonObject content) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToBase64String(Zip(content.ToJsonString()))));

    private static string Unzip(string packed)
    {
        using var unzipped = new GZipStream(new MemoryStream(Convert.FromBase64String(Encoding.UTF8.GetString(Convert.FromBase64String(packed)))), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static byte[] Zip(string text)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }
}
