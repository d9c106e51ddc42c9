using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Reads entries of <c>replacements</c>, in the kustomization file or in files of their own.</summary>
internal static class ReplacementReader
{
    public static readonly string[] Fields = ["path", "source", "targets"];

    private static readonly string[] OptionFields = ["delimiter", "index", "encoding", "create"];

    /// <summary>An entry of the kustomization file.</summary>
    public static ReplacementEntry ReadEntry(FieldReader entry)
    {
        var path = KustomizationReader.Reference(entry, "path");
        if (path is null)
        {
            return new(null, Read(entry));
        }

        return entry.Value("source") is null && entry.Value("targets") is null ? new(path, null) : throw entry.Invalid("path", "Detail_ReplacementPath");
    }

    /// <summary>The replacements of a file: one, or a list of them.</summary>
    public static IReadOnlyList<Replacement> ReadFile(string file, YamlNode root) =>
        [.. (root.Items ?? [root]).Select((node, index) => Read(new FieldReader(file, node, $"replacements[{index}]", ["source", "targets"])))];

    private static Replacement Read(FieldReader entry)
    {
        if (entry.Section("source", KustomizationReader.SelectorFields, ["fieldPath", "options"]) is not { } source || entry.Value("targets") is null)
        {
            throw entry.Invalid(entry.Node, "Detail_ReplacementParts");
        }

        return new(
            KustomizationReader.Selector(source).Id,
            source.Text("fieldPath") is { Length: > 0 } path ? path : "metadata.name",
            Options(source),
            [.. entry.Sections("targets", ["select", "reject", "fieldPaths", "options"]).Select(Target)],
            KustomizationReader.Place(entry));
    }

    private static ReplacementTarget Target(FieldReader target)
    {
        var select = target.Section("select", KustomizationReader.SelectorFields) ?? throw target.Invalid(target.Node, "Detail_ReplacementSelect");
        var paths = target.Texts("fieldPaths");
        return new(
            KustomizationReader.Selector(select),
            [.. target.Sections("reject", KustomizationReader.SelectorFields).Select(KustomizationReader.Selector)],
            paths.Count == 0 ? ["metadata.name"] : [.. paths.Select(path => path.Text)],
            Options(target));
    }

    private static ReplacementOptions Options(FieldReader owner)
    {
        if (owner.Section("options", OptionFields) is not { } options)
        {
            return new();
        }

        return options.Text("encoding").Length == 0
            ? new(options.Text("delimiter"), options.Number("index"), options.Flag("create"))
            : throw Errors.KustomizationUnsupported(options.File, options.Node.Line, options.Node.Column, options.Name("encoding"), Errors.Text("Detail_UnsupportedEncoding"));
    }
}
