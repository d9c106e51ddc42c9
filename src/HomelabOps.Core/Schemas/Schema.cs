using System.Text.Json.Nodes;

namespace HomelabOps.Core.Schemas;

/// <summary>What a value may look like: of a built-in kind's field, or of a custom one's. Nested parts are made when they are needed.</summary>
internal sealed record Schema
{
    private Dictionary<string, Schema>? _properties;

    /// <summary>object, array, string, integer, number, boolean, or empty for anything.</summary>
    public string Type { get; init; } = "";

    public string Format { get; init; } = "";

    public bool IntOrString { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Whether unknown fields stay.</summary>
    public bool PreserveUnknown { get; init; }

    /// <summary>Whether it is a whole object with apiVersion, kind and metadata.</summary>
    public bool Embedded { get; init; }

    /// <summary>Name of the definition, of a built-in type.</summary>
    public string? TypeName { get; init; }

    public Func<Dictionary<string, Schema>>? PropertySource { get; init; }

    public Dictionary<string, Schema> Properties => _properties ??= PropertySource?.Invoke() ?? [];

    public Schema? AdditionalProperties { get; init; }

    public Schema? Items { get; init; }

    public string[] Required { get; init; } = [];

    public JsonArray? Enum { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>The custom schema as it was written, for limits, patterns and alternatives.</summary>
    public JsonObject? Source { get; init; }

    public string? ListType { get; init; }

    public string[] ListMapKeys { get; init; } = [];
}
