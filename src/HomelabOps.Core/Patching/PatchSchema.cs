using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>What patches must know of a type: its fields that do not simply merge (objects) or replace (lists). All fields that it does not name do.</summary>
public sealed class PatchSchema
{
    internal PatchSchema(string name, IEnumerable<KeyValuePair<string, PatchField>> fields, bool isAtomic = false, PatchField? values = null)
    {
        Name = name;
        Fields = fields.ToFrozenDictionary();
        IsAtomic = isAtomic;
        Values = values;
        AlwaysPresent = [.. Fields.Where(field => field.Value.IsAlwaysPresent).Select(field => field.Key)];
    }

    private PatchSchema()
        : this("", []) => Values = new PatchField { Schema = this };

    /// <summary>Knows no field: what kustomize does with a kind that it has no schema of.</summary>
    public static PatchSchema Plain { get; } = new("", []);

    /// <summary>The name of the type, empty where it has none.</summary>
    public string Name { get; }

    /// <summary>The fields that are special, or have such below them.</summary>
    public IReadOnlyDictionary<string, PatchField> Fields { get; }

    /// <summary>True for an object that has one owner as a whole in server-side apply.</summary>
    public bool IsAtomic { get; }

    /// <summary>For a map with free keys: what each value is.</summary>
    public PatchField? Values { get; }

    /// <summary>The fields that an API server's own types always have, though empty.</summary>
    public IReadOnlyList<string> AlwaysPresent { get; }

    /// <summary>Whether a name is that of a field, and not a key that a user chose.</summary>
    public bool IsDeclared(string name) => Values is null || Fields.ContainsKey(name);

    /// <summary>What is known of a field; never null.</summary>
    public PatchField Field(string name) => Fields.TryGetValue(name, out var field) ? field : Values ?? PatchField.Plain;

    /// <summary>Takes every name for a key that a user chose, at any depth.</summary>
    internal static PatchSchema OfFreeKeys() => new();

    /// <summary>Reads the markers of a custom resource's <c>openAPIV3Schema</c>.</summary>
    public static PatchSchema FromOpenApi(JsonObject openApi)
    {
        ArgumentNullException.ThrowIfNull(openApi);
        return OpenApiSchemaReader.Kind(openApi);
    }
}
