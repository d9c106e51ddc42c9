using HomelabOps.Core.Patching;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>One version in which a kind is served.</summary>
internal sealed class KindVersion(string group, string name, string kind, Func<Schema?> schema)
{
    private readonly Lazy<Schema?> _schema = new(schema);

    public string Group => group;

    public string Name => name;

    public string ApiVersion { get; } = group.Length == 0 ? name : $"{group}/{name}";

    public string Kind => kind;

    /// <summary>What begins an object in this version.</summary>
    public byte[] Head { get; } = ObjectJson.Head(group.Length == 0 ? name : $"{group}/{name}", kind);

    /// <summary>What its objects look like; read when it is needed first.</summary>
    public Schema? Schema => _schema.Value;

    /// <summary>What patches must know of it.</summary>
    public PatchSchema PatchSchema => field ??= Schema?.Source is { } source ? PatchSchema.FromOpenApi(source) : BuiltInSchemas.FindOrPlain(ApiVersion, kind);

    public bool IsStorage { get; init; } = true;

    /// <summary>Whether this version has a status of its own to be written apart.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Where the numbers of the scale are, for a custom kind that has one.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>What tables show, of a custom kind.</summary>
    public IReadOnlyList<CustomColumn> Columns { get; init; } = [];

    /// <summary>Said to whoever uses the version, when it is deprecated.</summary>
    public string? Deprecation { get; init; }

    internal sealed record ScalePaths(string Spec, string Status, string? Selector);

    internal sealed record CustomColumn(string Name, string Type, string Format, string Description, int Priority, string Path);
}
