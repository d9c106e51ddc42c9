using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Kinds;

/// <summary>The kinds that every server has, read from builtin.txt.</summary>
internal static class BuiltinKinds
{
    private static readonly string[] All = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] CreateOnly = ["create"];
    private static readonly string[] ReadOnly = ["get", "list"];

    // Fields of which the absence means something in a selector, and fields that lie elsewhere than they are called.
    private static readonly Dictionary<string, FieldPath> SpecialFields = new(StringComparer.Ordinal)
    {
        ["spec.unschedulable"] = new("spec.unschedulable", "false"),
        ["spec.hostNetwork"] = new("spec.hostNetwork", "false"),
        ["status.replicas"] = new("status.replicas", "0"),
        ["status.successful"] = new("status.successful", "0") { Steps = ["status", "succeeded"] },
        ["source"] = new("source") { Steps = ["source", "component"] },
    };

    public static IReadOnlyList<ResourceKind> Load()
    {
        using var stream = typeof(BuiltinKinds).Assembly.GetManifestResourceStream("HomelabOps.Sandbox.Kinds.builtin.txt")!;
        using var reader = new StreamReader(stream);
        var kinds = new List<ResourceKind>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                kinds.Add(Parse(line.Split(' ')));
            }
        }

        return kinds;
    }

    private static ResourceKind Parse(string[] columns)
    {
        var group = columns[0] == "-" ? "" : columns[0];
        var (kind, plural, flags) = (columns[2], columns[3], columns[7]);
        var subresources = Split(columns[8]);
        var verbs = flags.Contains('c') ? CreateOnly : flags.Contains('o') ? ReadOnly : flags.Contains('d') ? [.. All.Where(verb => verb != "deletecollection")] : All;
        return new()
        {
            Group = group,
            Kind = kind,
            Plural = plural,
            Singular = kind is "NodeMetrics" or "PodMetrics" ? "" : kind.ToLowerInvariant(),
            ShortNames = Split(columns[4]),
            Categories = Split(columns[5]),
            Namespaced = columns[6] == "N",
            Versions = [.. Split(columns[1]).Select((version, index) => new KindVersion(group, version, kind, () => ModelSchemas.Find(group, version, kind))
            {
                IsStorage = index == 0,
                HasStatus = subresources.Contains("status", StringComparer.Ordinal),
            })],
            Subresources = subresources,
            Verbs = verbs,
            HasGeneration = flags.Contains('g'),
            ReturnsDeleted = flags.Contains('r'),
            IsVirtual = flags.Contains('c') || flags.Contains('o'),
            Fields = [.. Split(columns[9]).Select(field => SpecialFields.GetValueOrDefault(field) ?? new FieldPath(field))],
        };
    }

    private static string[] Split(string column) => column == "-" ? [] : column.Split(',');
}
