using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Cluster.Tests.Patching;

/// <summary>Holds the table of built-in kinds against the OpenAPI document of a real API server.</summary>
public sealed class PatchSchemaTests : IDisposable
{
    private const string Prefix = "x-kubernetes-";

    // Fields that came after the lab's Kubernetes 1.20, with what they came with.
    private static readonly string[] Newer =
    [
        "ContainerResources.claims", // 1.26, dynamic resource allocation
        "EphemeralContainers.ports", // 1.22 gave these ports their keys
        "JobStatus.uncountedTerminatedPods", // 1.22
        "PodSpec.resourceClaims", // 1.26
        "PodSpec.schedulingGates", // 1.26
        "PodStatus.hostIPs", // 1.28
        "PodStatus.resourceClaimStatuses", // 1.28
    ];

    private readonly LabApi _api = new();
    private readonly JsonObject _definitions;

    // Types name each other and themselves; once is enough for each.
    private readonly HashSet<(string Type, PatchSchema Ours)> _compared = [];

    public PatchSchemaTests() => _definitions = _api.Send(HttpMethod.Get, "/openapi/v2")["definitions"]!.AsObject();

    [Fact]
    public void Every_kind_of_the_server_is_in_the_table()
    {
        var missing = Kinds().Where(kind => BuiltInSchemas.Find(kind.ApiVersion, kind.Kind) is null).Select(kind => $"{kind.ApiVersion} {kind.Kind}");
        Assert.Empty(missing);
    }

    [Fact]
    public void The_table_says_what_the_server_says()
    {
        SortedSet<string> differences = new(StringComparer.Ordinal);
        foreach (var (apiVersion, kind, definition) in Kinds())
        {
            Compare(new PatchField { Schema = BuiltInSchemas.Require(apiVersion, kind) }, definition, $"{apiVersion} {kind}", differences);
        }

        Assert.Empty(differences);
    }

    public void Dispose() => _api.Dispose();

    // The kinds with metadata: no lists, options or events of a watch.
    private IEnumerable<(string ApiVersion, string Kind, JsonObject Definition)> Kinds() =>
        from definition in _definitions
        where definition.Key.StartsWith("io.k8s.", StringComparison.Ordinal)
        let schema = definition.Value!.AsObject()
        where schema["properties"]?["metadata"]?["$ref"]?.GetValue<string>().EndsWith(".ObjectMeta", StringComparison.Ordinal) == true
        from type in schema[Prefix + "group-version-kind"] as JsonArray ?? []
        let name = (Group: Text(type, "group"), Version: Text(type, "version"), Kind: Text(type, "kind"))
        select (name.Group.Length == 0 ? name.Version : $"{name.Group}/{name.Version}", name.Kind, schema);

    private void Compare(PatchField ours, JsonObject definition, string path, SortedSet<string> differences)
    {
        if (ours.Schema.IsAtomic != (Marker(definition, "map-type") == "atomic"))
        {
            differences.Add($"{path}: atomic {ours.Schema.IsAtomic}");
        }

        var properties = definition["properties"] as JsonObject ?? [];
        foreach (var name in ours.Schema.Fields.Keys.Where(name => !properties.ContainsKey(name) && !Newer.Contains($"{ours.Schema.Name}.{name}")))
        {
            differences.Add($"{path}.{name}: the server does not have it");
        }

        foreach (var (name, property) in properties)
        {
            Compare(ours, name, property!.AsObject(), $"{path}.{name}", differences);
        }
    }

    private void Compare(PatchField owner, string name, JsonObject property, string path, SortedSet<string> differences)
    {
        var field = owner.Schema.Field(name);
        var (mine, theirs) = (Describe(field), Describe(property));
        var isNewer = path.EndsWith(".ephemeralContainers.ports", StringComparison.Ordinal) && Newer.Contains("EphemeralContainers.ports");
        if (mine != theirs && !isNewer && IsList(property) | theirs.Contains("retainKeys", StringComparison.Ordinal))
        {
            differences.Add($"{path}: {mine}, but the server says: {theirs}");
        }

        // What is inside of a list that is replaced as a whole is never merged.
        var reference = property["$ref"] ?? (field.List == ListKind.Map ? property["items"]?["$ref"] : null);
        if (reference?.GetValue<string>().Split('/')[^1] is { } type && _compared.Add((type, field.Schema)))
        {
            Compare(field, _definitions[type]!.AsObject(), path, differences);
        }
    }

    private static string Describe(PatchField field)
    {
        var strategy = (field.Merges ? $"merge({field.MergeKey})" : "replace") + (field.RetainsKeys ? " retainKeys" : "");
        return $"{strategy}, {field.List}({string.Join(',', field.Keys.Select(key => key.Name))})";
    }

    private static string Describe(JsonObject property)
    {
        var strategies = Marker(property, "patch-strategy").Split(',');
        var key = Marker(property, "patch-merge-key");
        var merges = strategies.Contains("merge") && IsList(property);
        var strategy = (merges ? $"merge({key})" : "replace") + (strategies.Contains("retainKeys") ? " retainKeys" : "");
        var apply = Marker(property, "list-type") switch
        {
            "map" => $"Map({string.Join(',', property[Prefix + "list-map-keys"]!.AsArray().Select(one => one!.GetValue<string>()))})",
            "set" => "Set()",
            "atomic" => "Atomic()",
            _ when merges => key.Length > 0 ? $"Map({key})" : "Set()",
            _ => "Atomic()",
        };
        return $"{strategy}, {apply}";
    }

    private static bool IsList(JsonObject property) => Text(property, "type") == "array";

    private static string Marker(JsonObject schema, string name) => Text(schema, Prefix + name);

    private static string Text(JsonNode? node, string name) => node?[name]?.GetValue<string>() ?? "";
}
