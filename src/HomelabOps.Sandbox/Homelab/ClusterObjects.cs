using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>
/// What is in the cluster and not in Git: what k3s brings along, and the Secrets that the manifests name. Their values are drawn anew
/// each time and are nowhere else.
/// </summary>
internal static class ClusterObjects
{
    private const string HashCharacters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly Dictionary<string, string> Addons = new(StringComparer.Ordinal) { ["local-path"] = "local-storage", ["metrics-server"] = "metrics-server-deployment" };

    /// <summary>The objects in an order in which they can be created: each namespace comes before what is in it.</summary>
    public static IReadOnlyList<JsonObject> Of(HomelabPlan plan)
    {
        var secrets = Secrets(plan).ToArray();
        var namespaces = secrets.Select(secret => (string)secret["metadata"]!["namespace"]!).Distinct(StringComparer.Ordinal).Select(name => Object("Namespace", name, null));
        return [.. FromK3s(), .. namespaces, .. secrets];
    }

    // k3s marks what it makes, and says of which of its addons it is.
    private static IEnumerable<JsonObject> FromK3s()
    {
        foreach (var (path, text) in EmbeddedText.Below("Cluster/"))
        {
            var addon = Path.GetFileNameWithoutExtension(path);
            foreach (var manifest in ManifestReader.Read(path, text))
            {
                var annotations = manifest.Content["metadata"]!["annotations"] as JsonObject ?? [];
                annotations["objectset.rio.cattle.io/id"] = "";
                annotations["objectset.rio.cattle.io/owner-gvk"] = "k3s.cattle.io/v1, Kind=Addon";
                annotations["objectset.rio.cattle.io/owner-name"] = Addons.GetValueOrDefault(addon, addon);
                annotations["objectset.rio.cattle.io/owner-namespace"] = "kube-system";
                if (annotations.Parent is null)
                {
                    manifest.Content["metadata"]!["annotations"] = annotations;
                }

                yield return manifest.Content;
            }
        }
    }

    private static IEnumerable<JsonObject> Secrets(HomelabPlan plan)
    {
        foreach (var app in plan.Apps.Where(app => app.Replication == AppReplication.Restic))
        {
            yield return Secret(app.Category, $"{app.Name}-restic", ("RESTIC_REPOSITORY", $"rest:http://{HomelabPlan.FileServer}:8000/{app.Name}"), ("RESTIC_PASSWORD", Password()));
        }

        foreach (var app in plan.Apps.Where(app => app.Form == AppForm.StatefulSet))
        {
            yield return Secret(app.Category, $"{app.Name}-credentials", (app.Name == "mariadb" ? "MARIADB_ROOT_PASSWORD" : "POSTGRES_PASSWORD", Password()));
        }

        // A hash of nothing: no password fits it, since nobody comes by the ingress of this homelab.
        yield return Secret("traefik", "authentication-users", ("users", "admin:$2y$12$" + RandomNumberGenerator.GetString(HashCharacters, 53)));
        yield return Secret("metallb-system", "memberlist", ("secretkey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(128))));
    }

    private static string Password() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static JsonObject Secret(string @namespace, string name, params (string Key, string Value)[] data)
    {
        var secret = Object("Secret", name, @namespace);
        secret["type"] = "Opaque";
        secret["data"] = new JsonObject(data.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(item.Value)))));
        return secret;
    }

    private static JsonObject Object(string kind, string name, string? @namespace)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null)
        {
            metadata["namespace"] = @namespace;
        }

        return new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = metadata };
    }
}
