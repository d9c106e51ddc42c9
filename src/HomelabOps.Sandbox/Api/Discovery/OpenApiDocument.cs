using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api.Discovery;

/// <summary>The OpenAPI version 3 document of one group and version.</summary>
internal sealed partial class OpenApiDocument(string group, string version, KindRegistry kinds)
{
    private const string Prefix = "io.k8s.api.";
    private static readonly string[] CustomPatches = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
    private static readonly string[] BuiltinPatches = [.. CustomPatches, "application/strategic-merge-patch+json"];
    private readonly JsonObject _schemas = [];

    public JsonObject Build(JsonObject info)
    {
        var paths = new JsonObject();
        foreach (var kind in kinds.Kinds.Where(kind => kind.Group == group))
        {
            foreach (var served in kind.Versions.Where(served => served.Name == version))
            {
                AddKind(paths, kind, served);
            }
        }

        return new() { ["openapi"] = "3.0.0", ["info"] = info, ["paths"] = paths, ["components"] = new JsonObject { ["schemas"] = _schemas } };
    }

    private void AddKind(JsonObject paths, ResourceKind kind, KindVersion served)
    {
        var name = $"{(group.Length == 0 ? Prefix + "core" : string.Join('.', group.Split('.').Reverse()))}.{version}.{kind.Kind}";
        var schema = served.Schema is null ? new() { ["type"] = "object" } : Convert(served.Schema, served.PatchSchema, root: true);
        schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(kind));
        _schemas[name] = schema;
        var root = group.Length == 0 ? $"/api/{version}" : $"/apis/{group}/{version}";
        var collection = kind.Namespaced ? $"{root}/namespaces/{{namespace}}/{kind.Plural}" : $"{root}/{kind.Plural}";
        var (onCollection, onObject) = (new JsonObject(), new JsonObject());
        foreach (var (verb, method, owner) in (ReadOnlySpan<(string, string, JsonObject)>)[("list", "get", onCollection), ("create", "post", onCollection), ("get", "get", onObject), ("update", "put", onObject), ("patch", "patch", onObject), ("delete", "delete", onObject)])
        {
            if (kind.Verbs.Contains(verb, StringComparer.Ordinal))
            {
                owner[method] = Operation(kind, verb, name);
            }
        }

        paths[collection] = onCollection;
        if (onObject.Count > 0)
        {
            paths[collection + "/{name}"] = onObject;
        }
    }

    private JsonObject Operation(ResourceKind kind, string verb, string schema)
    {
        var parameters = new JsonArray();
        string[] names = verb switch { "create" or "update" => ["dryRun", "fieldManager", "fieldValidation"], "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"], "delete" => ["dryRun", "gracePeriodSeconds", "propagationPolicy"], _ => [] };
        foreach (var name in names)
        {
            parameters.Add(new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : name == "gracePeriodSeconds" ? "integer" : "string" } });
        }

        var operation = new JsonObject
        {
            ["operationId"] = $"{verb}{kind.Kind}",
            ["parameters"] = parameters,
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(schema) } } } },
            ["x-kubernetes-action"] = verb switch { "create" => "post", "update" => "put", _ => verb },
            ["x-kubernetes-group-version-kind"] = GroupVersionKind(kind),
        };
        if (verb == "patch")
        {
            // kubectl asks here whether it may send a strategic merge.
            var types = (kind.IsCustom ? CustomPatches : BuiltinPatches).Select(type => KeyValuePair.Create<string, JsonNode?>(type, new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } }));
            operation["requestBody"] = new JsonObject { ["content"] = new JsonObject(types) };
        }

        return operation;
    }

    private JsonObject Convert(Schema schema, PatchSchema patch, bool root = false)
    {
        if (schema.Source is { } source)
        {
            var custom = source.DeepClone().AsObject();
            if (root)
            {
                AddType(custom);
            }

            return custom;
        }

        if (schema.TypeName is { } name && !root)
        {
            var component = ComponentOf(name);
            if (!_schemas.ContainsKey(component))
            {
                // Put there before it is filled: types may contain themselves.
                _schemas[component] = new JsonObject();
                _schemas[component] = Body(schema, patch);
            }

            return new() { ["allOf"] = new JsonArray(Reference(component)), ["default"] = new JsonObject() };
        }

        return Body(schema, patch);
    }

    private JsonObject Body(Schema schema, PatchSchema patch)
    {
        var node = new JsonObject();
        if (schema.IntOrString)
        {
            node["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = schema.Format == "quantity" ? "number" : "integer" });
            if (schema.Format != "quantity")
            {
                node["format"] = schema.Format;
            }

            return node;
        }

        if (schema.PreserveUnknown)
        {
            node["x-kubernetes-preserve-unknown-fields"] = true;
        }

        if (schema.Type.Length > 0)
        {
            node["type"] = schema.Type;
        }

        if (schema.Format.Length > 0)
        {
            node["format"] = schema.Format;
        }

        if (schema.Properties.Count > 0)
        {
            node["properties"] = new JsonObject(schema.Properties.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, Field(field.Value, patch.Field(field.Key)))));
        }

        if (schema.AdditionalProperties is { } values)
        {
            node["additionalProperties"] = Convert(values, PatchSchema.Plain);
        }

        if (schema.Items is { } items)
        {
            node["items"] = Convert(items, patch);
        }

        if (schema.Required.Length > 0)
        {
            node["required"] = new JsonArray([.. schema.Required.Select(field => JsonValue.Create(field))]);
        }

        return node;
    }

    // How clients that make a patch themselves treat the field.
    private JsonObject Field(Schema schema, PatchField patch)
    {
        var node = Convert(schema, patch.Schema);
        if (patch.Merges || patch.RetainsKeys)
        {
            node["x-kubernetes-patch-strategy"] = string.Join(',', (string[])[.. patch.Merges ? ["merge"] : Array.Empty<string>(), .. patch.RetainsKeys ? ["retainKeys"] : Array.Empty<string>()]);
        }

        if (patch.MergeKey is { } key)
        {
            node["x-kubernetes-patch-merge-key"] = key;
        }

        return node;
    }

    private void AddType(JsonObject custom)
    {
        if (custom["properties"] is not JsonObject properties)
        {
            properties = [];
            custom["properties"] = properties;
        }

        properties["apiVersion"] = new JsonObject { ["type"] = "string" };
        properties["kind"] = new JsonObject { ["type"] = "string" };
        properties["metadata"] = Convert(ModelSchemas.ObjectMeta, BuiltInSchemas.Metadata.Schema);
    }

    private JsonObject GroupVersionKind(ResourceKind kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind.Kind };

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    // V1Container is Container of version 1: kubectl explain shows what stands after the last dot.
    private static string ComponentOf(string type) => TypeName.Match(type) is { Success: true } match
        ? Prefix + $"{match.Groups["group"].Value.ToLowerInvariant()}.".TrimStart('.') + $"{match.Groups["version"].Value.ToLowerInvariant()}.{match.Groups["name"].Value}"
        : Prefix + type;

    [GeneratedRegex("^(?<group>[A-Z][a-z]*?)?(?<version>[Vv][0-9]+((alpha|beta)[0-9]+)?)(?<name>[A-Z].*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeName { get; }
}
