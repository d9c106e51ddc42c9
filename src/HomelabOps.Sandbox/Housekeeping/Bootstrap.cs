using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Objects;

namespace HomelabOps.Sandbox.Housekeeping;

/// <summary>What a fresh cluster has.</summary>
internal static class Bootstrap
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public static void Run(ApiServices services)
    {
        foreach (var name in Namespaces)
        {
            Create(services, "v1", "Namespace", null, new() { ["metadata"] = new JsonObject { ["name"] = name } });
            NamespaceContent.Ensure(services, name);
        }

        Create(services, "v1", "Service", "default", new()
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" } },
            ["spec"] = new JsonObject { ["clusterIP"] = "10.96.0.1", ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = 6443 }) },
        });
        Priority(services, "system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.");
        Priority(services, "system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node.");
        Role(services, "cluster-admin", Rule("*", "*", "*"), new() { ["nonResourceURLs"] = new JsonArray("*"), ["verbs"] = new JsonArray("*") });
        Role(services, "admin", Rule("*", "*", "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"));
        Role(services, "edit", Rule("*", "*", "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"));
        Role(services, "view", Rule("*", "*", "get", "list", "watch"));
        Create(services, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", null, new()
        {
            ["metadata"] = new JsonObject { ["name"] = "cluster-admin" },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = "system:masters" }),
        });
    }

    public static void Create(ApiServices services, string apiVersion, string kind, string? @namespace, JsonObject node)
    {
        var (found, version) = services.Context.Kinds.FindKind(apiVersion, kind)!.Value;
        node["apiVersion"] = apiVersion;
        node["kind"] = kind;
        services.Writer.Create(found, version, @namespace, node, CallOptions.Default);
    }

    private static void Priority(ApiServices services, string name, int value, string description) =>
        Create(services, "scheduling.k8s.io/v1", "PriorityClass", null, new() { ["metadata"] = new JsonObject { ["name"] = name }, ["value"] = value, ["description"] = description });

    private static void Role(ApiServices services, string name, params JsonObject[] rules) =>
        Create(services, "rbac.authorization.k8s.io/v1", "ClusterRole", null, new() { ["metadata"] = new JsonObject { ["name"] = name }, ["rules"] = new JsonArray([.. rules]) });

    private static JsonObject Rule(string group, string resource, params string[] verbs) => new()
    {
        ["apiGroups"] = new JsonArray(group),
        ["resources"] = new JsonArray(resource),
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
    };
}
