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
            ["data"] = new JsonObject { ["release"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToBase64String(Zip(content.ToJsonString())))) },
        };
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
