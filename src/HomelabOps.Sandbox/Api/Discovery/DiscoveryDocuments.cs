using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>What the server says of itself: versions, groups, resources, plain and aggregated.</summary>
internal sealed class DiscoveryDocuments(KindRegistry kinds, string kubernetesVersion)
{
    // The order in which kubectl prefers one of several groups that have a resource of the same name.
    private static readonly string[] FirstGroups = ["", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch"];

    public (byte[] Body, string ContentType)? Find(string[] segments, Accepted accept) => segments switch
    {
        ["api" or "apis"] when accept.AggregatedDiscovery is { } version =>
            (ObjectJson.ToBytes(Aggregated(version, core: segments[0] == "api")), $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"),
        [] => Json(new() { ["paths"] = new JsonArray([.. Paths().Select(path => JsonValue.Create(path))]) }),
        ["version"] => Json(Version()),
        ["api"] => Json(new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = "127.0.0.1" }) }),
        ["apis"] => Json(new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Where(group => group.Length > 0).Select(group => Group(group))]) }),
        ["api", "v1"] => Json(Resources("", "v1")),
        ["apis", var group] when group.Length > 0 && kinds.HasGroup(group) => Json(Group(group, alone: true)),
        ["apis", var group, var version] when kinds.HasVersion(group, version) => Json(Resources(group, version)),
        _ => null,
    };

    private static (byte[] Body, string ContentType) Json(JsonObject node) => (ObjectJson.ToBytes(node), "application/json");

    public IEnumerable<string> Groups() => kinds.Kinds.Select(kind => kind.Group).Distinct(StringComparer.Ordinal)
        .OrderBy(group => Array.IndexOf(FirstGroups, group) is >= 0 and var place ? place : group.EndsWith(".k8s.io", StringComparison.Ordinal) || !group.Contains('.', StringComparison.Ordinal) ? 100 : 200)
        .ThenBy(group => group, StringComparer.Ordinal);

    /// <summary>Versions of a group, the preferred one first.</summary>
    public IEnumerable<string> Versions(string group) => kinds.Kinds.Where(kind => kind.Group == group).SelectMany(kind => kind.Versions.Select(version => version.Name))
        .Distinct(StringComparer.Ordinal).Order(VersionOrder.Instance);

    private IEnumerable<string> Paths()
    {
        string[] fixedPaths = ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"];
        return fixedPaths.Concat(Groups().Where(group => group.Length > 0).SelectMany(group => Versions(group).Select(version => $"/apis/{group}/{version}").Prepend($"/apis/{group}"))).Order(StringComparer.Ordinal);
    }

    private JsonObject Version()
    {
        var parts = kubernetesVersion.TrimStart('v').Split('.');
        return new()
        {
            ["major"] = parts[0],
            ["minor"] = parts[1],
            ["gitVersion"] = kubernetesVersion,
            ["gitCommit"] = "0000000000000000000000000000000000000000",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "dotnet",
            ["platform"] = "homelabops/sandbox",
        };
    }

    private JsonObject Group(string group, bool alone = false)
    {
        var versions = Versions(group).Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version }).ToArray();
        var node = new JsonObject();
        if (alone)
        {
            node["kind"] = "APIGroup";
            node["apiVersion"] = "v1";
        }

        node["name"] = group;
        node["preferredVersion"] = versions[0].DeepClone();
        node["versions"] = new JsonArray([.. versions]);
        return node;
    }

    private JsonObject Resources(string group, string version)
    {
        var resources = new JsonArray();
        foreach (var (kind, served) in Served(group, version))
        {
            var entry = new JsonObject { ["name"] = kind.Plural, ["singularName"] = kind.Singular, ["namespaced"] = kind.Namespaced, ["kind"] = kind.Kind, ["verbs"] = Texts(kind.Verbs) };
            AddNames(entry, kind);
            if (!kind.IsVirtual)
            {
                entry["storageVersionHash"] = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{served.ApiVersion}/{kind.Kind}")).AsSpan(0, 8));
            }

            resources.Add(entry);
            foreach (var subresource in Subresources.Of(kind, served))
            {
                var part = new JsonObject { ["name"] = $"{kind.Plural}/{subresource.Name}", ["singularName"] = "", ["namespaced"] = kind.Namespaced };
                if (subresource.Group is { } otherGroup && (otherGroup != group || subresource.Version != version))
                {
                    part["group"] = otherGroup;
                    part["version"] = subresource.Version;
                }

                part["kind"] = subresource.Kind;
                part["verbs"] = Texts(subresource.Verbs);
                resources.Add(part);
            }
        }

        return new() { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}", ["resources"] = resources };
    }

    private JsonObject Aggregated(string discoveryVersion, bool core)
    {
        var groups = new JsonArray();
        foreach (var group in Groups().Where(group => group.Length == 0 == core))
        {
            var versions = Versions(group).Select(version => new JsonObject
            {
                ["version"] = version,
                ["resources"] = new JsonArray([.. Served(group, version).Select(served => AggregatedResource(served.Kind, served.Version))]),
                ["freshness"] = "Current",
            });
            groups.Add(new JsonObject { ["metadata"] = group.Length == 0 ? new JsonObject { ["creationTimestamp"] = null } : new JsonObject { ["name"] = group, ["creationTimestamp"] = null }, ["versions"] = new JsonArray([.. versions]) });
        }

        return new() { ["kind"] = "APIGroupDiscoveryList", ["apiVersion"] = "apidiscovery.k8s.io/" + discoveryVersion, ["metadata"] = new JsonObject(), ["items"] = groups };
    }

    private static JsonObject AggregatedResource(ResourceKind kind, KindVersion version)
    {
        var entry = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = Type(version.Group, version.Name, kind.Kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = Texts(kind.Verbs),
        };
        AddNames(entry, kind);
        var subresources = Subresources.Of(kind, version).Select(subresource => new JsonObject
        {
            ["subresource"] = subresource.Name,
            ["responseKind"] = Type(subresource.Group ?? version.Group, subresource.Version ?? version.Name, subresource.Kind),
            ["verbs"] = Texts(subresource.Verbs),
        }).ToArray();
        if (subresources.Length > 0)
        {
            entry["subresources"] = new JsonArray([.. subresources]);
        }

        return entry;
    }

    private IEnumerable<(ResourceKind Kind, KindVersion Version)> Served(string group, string version) => kinds.Kinds.Where(kind => kind.Group == group)
        .SelectMany(kind => kind.Versions.Where(served => served.Name == version).Select(served => (kind, served)))
        .OrderBy(item => item.kind.Plural, StringComparer.Ordinal);

    private static JsonObject Type(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static void AddNames(JsonObject entry, ResourceKind kind)
    {
        if (kind.ShortNames.Length > 0)
        {
            entry["shortNames"] = Texts(kind.ShortNames);
        }

        if (kind.Categories.Length > 0)
        {
            entry["categories"] = Texts(kind.Categories);
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
