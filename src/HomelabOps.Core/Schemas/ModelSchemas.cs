using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace HomelabOps.Core.Schemas;

/// <summary>
/// The fields of built-in kinds, read from the models of KubernetesClient, which are generated from the API itself. Only
/// what is asked for is read.
/// </summary>
internal static class ModelSchemas
{
    private static readonly ConcurrentDictionary<Type, Schema> Known = new();
    private static readonly Lazy<Dictionary<(string Group, string Version, string Kind), Type>> Entities = new(ReadEntities);

    public static Schema? Find(string group, string version, string kind) =>
        Entities.Value.TryGetValue((group, version, kind), out var type) ? Of(type) : null;

    public static Schema DeleteOptions => Of(typeof(V1DeleteOptions));

    public static Schema ObjectMeta => Of(typeof(V1ObjectMeta));

    private static Dictionary<(string Group, string Version, string Kind), Type> ReadEntities()
    {
        var result = new Dictionary<(string, string, string), Type>();
        foreach (var type in typeof(V1Pod).Assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<KubernetesEntityAttribute>() is { } entity)
            {
                result[(entity.Group ?? "", entity.ApiVersion, entity.Kind)] = type;
            }
        }

        return result;
    }

    private static Schema Of(Type type) => Known.GetOrAdd(type, Make);

    private static Schema Make(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalar(type) is { } scalar)
        {
            return scalar;
        }

        if (type.IsGenericType && type.GetGenericArguments() is var arguments)
        {
            return typeof(IDictionary).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
                ? new() { Type = "object", AdditionalProperties = Of(arguments[1]) }
                : new() { Type = "array", Items = Of(arguments[0]) };
        }

        if (type == typeof(V1JSONSchemaProps))
        {
            // It contains itself, and its open fields are checked when the definition is read.
            return new() { Type = "object", PreserveUnknown = true, TypeName = type.Name };
        }

        return new()
        {
            Type = "object",
            TypeName = type.Name,
            Required = RequiredFields.Of(type.Name),
            PropertySource = () => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => (Property: property, Name: property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name))
                .Where(item => item.Name is not null)
                .ToDictionary(item => item.Name!, item => Of(item.Property.PropertyType), StringComparer.Ordinal),
        };
    }

    private static Schema? Scalar(Type type) => type switch
    {
        _ when type == typeof(string) => new() { Type = "string" },
        _ when type == typeof(int) => new() { Type = "integer", Format = "int32" },
        _ when type == typeof(long) => new() { Type = "integer", Format = "int64" },
        _ when type == typeof(double) || type == typeof(float) => new() { Type = "number", Format = "double" },
        _ when type == typeof(bool) => new() { Type = "boolean" },
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => new() { Type = "string", Format = "date-time" },
        _ when type == typeof(byte[]) => new() { Type = "string", Format = "byte" },
        _ when type == typeof(IntOrString) => new() { IntOrString = true, Format = "int-or-string" },
        _ when type == typeof(ResourceQuantity) => new() { IntOrString = true, Format = "quantity" },
        _ when type == typeof(object) => new() { PreserveUnknown = true },
        _ when !type.Namespace!.StartsWith("k8s", StringComparison.Ordinal) && !type.IsGenericType => new() { PreserveUnknown = true },
        _ => null,
    };
}
