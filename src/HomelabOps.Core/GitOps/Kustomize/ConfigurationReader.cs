using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Reads a file of <c>configurations</c>: which further fields the transformers change.</summary>
internal static class ConfigurationReader
{
    public static readonly string[] SpecFields = ["group", "version", "kind", "path", "create"];

    private static readonly string[] Fields =
    [
        "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels", "templateLabels", "commonAnnotations", "nameReference", "varReference", "images", "replicas",
    ];

    /// <summary>What a file adds.</summary>
    public static TransformerConfig Read(string file, YamlNode root)
    {
        var reader = new FieldReader(file, root, "", Fields, ["apiVersion", "kind", "metadata"]);
        return new TransformerConfig
        {
            NamePrefix = Specs(reader, "namePrefix"),
            NameSuffix = Specs(reader, "nameSuffix"),
            Namespace = Specs(reader, "namespace"),
            CommonLabels = Specs(reader, "commonLabels"),
            Labels = Specs(reader, "labels"),
            TemplateLabels = Specs(reader, "templateLabels"),
            CommonAnnotations = Specs(reader, "commonAnnotations"),
            Images = Specs(reader, "images"),
            Replicas = Specs(reader, "replicas"),
            NameReferences = [.. reader.Sections("nameReference", ["group", "version", "kind", "fieldSpecs"]).Select(Reference)],
        };
    }

    /// <summary>One field spec.</summary>
    public static FieldSpec Spec(FieldReader reader) => new(reader.Text("path"), reader.Text("group"), reader.Text("version"), reader.Text("kind"), reader.Flag("create"));

    private static IReadOnlyList<FieldSpec> Specs(FieldReader reader, string field) => [.. reader.Sections(field, SpecFields).Select(Spec)];

    private static NameReference Reference(FieldReader reader) => new(reader.Text("group"), reader.Text("version"), reader.Text("kind"), Specs(reader, "fieldSpecs"));
}
