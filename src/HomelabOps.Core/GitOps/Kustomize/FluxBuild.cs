using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Builds what a Flux Kustomization applies, as kustomize-controller does from the artifact of its source.</summary>
internal static partial class FluxBuild
{
    /// <summary>The label or annotation by which an object is spared the substitution.</summary>
    public const string SubstituteKey = "kustomize.toolkit.fluxcd.io/substitute";

    /// <summary>Builds the objects.</summary>
    /// <param name="kustomization">The Flux Kustomization.</param>
    /// <param name="files">The files of its source.</param>
    /// <param name="variables">The data of a ConfigMap or Secret by kind and name, for substituteFrom; null where there is none.</param>
    /// <param name="isStrict">Variables without value and default are errors.</param>
    /// <param name="unknown">What stands for variables without value and default. With it a source that is missing is no error: what it would hold is not known.</param>
    /// <exception cref="HomelabException">The errors of the build, and SubstitutionFailed.</exception>
    public static KustomizeResult Run(JsonObject kustomization, IBuildFiles files, Func<string, string, IReadOnlyDictionary<string, string>?> variables, bool isStrict = false, UnknownVariable? unknown = null)
    {
        var name = $"{Scalars.Text(kustomization["metadata"]?["namespace"])}/{Scalars.Text(kustomization["metadata"]?["name"])}";
        var spec = new FieldReader(name, FluxSpec.Node(name, kustomization), "spec", FluxSpec.Fields);
        var path = Folder(spec, files);
        var build = new KustomizeBuild(files, new KustomizeOptions { AllowsFilesOutside = true, KeepsOrder = true });
        var result = build.Run(path, FluxSpec.Apply(spec, FluxFolder.Kustomization(files, path), relative => BuildPath.Combine(path, relative) is { } full && files.Resolve(full) is not null));
        var (values, isOpen) = Variables(spec, variables, mayMiss: unknown is not null);
        var labels = spec.Section("commonMetadata", ["labels", "annotations"]);
        return result with
        {
            Objects = [.. result.Objects.Select(item => WithMetadata(IsSpared(item, values, isOpen) ? item : Substitute(item, name => values.GetValueOrDefault(name), isStrict, unknown is null ? null : name => unknown(item, name, isOpen)), labels))],
        };
    }

    /// <summary>The folder of spec.path, as a path of the files.</summary>
    private static string Folder(FieldReader spec, IBuildFiles files)
    {
        var path = BuildPath.Combine("/", spec.Text("path"));
        return path is not null && files.Resolve(path) is { } resolved && files.IsFolder(resolved) ? resolved : throw spec.Invalid("path", "Detail_FluxPath", spec.Text("path"));
    }

    // The later source wins over the earlier one, and what stands in the Kustomization itself over all.
    // Open means that a source which is not here may hold more.
    private static (Dictionary<string, string> Values, bool IsOpen) Variables(FieldReader spec, Func<string, string, IReadOnlyDictionary<string, string>?> find, bool mayMiss)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var isOpen = false;
        if (spec.Section("postBuild", ["substitute", "substituteFrom"]) is not { } postBuild)
        {
            return (result, isOpen);
        }

        foreach (var reference in postBuild.Sections("substituteFrom", ["kind", "name", "optional"]))
        {
            var (kind, name) = (reference.Text("kind"), reference.Text("name"));
            if (kind is not ("ConfigMap" or "Secret"))
            {
                throw reference.Invalid("kind", "Detail_FluxSourceKind", kind);
            }

            if (find(kind, name) is { } data)
            {
                Add(data);
            }
            else if (mayMiss || reference.Flag("optional"))
            {
                isOpen = true;
            }
            else
            {
                throw reference.Invalid("name", "Detail_FluxSource", kind, name);
            }
        }

        Add(postBuild.TextMap("substitute"));
        foreach (var name in result.Keys.Where(name => !VariableName().IsMatch(name)))
        {
            throw Errors.SubstitutionFailed(spec.File, Errors.Text("Detail_SubstituteName", name));
        }

        return (result, mayMiss && isOpen);

        void Add(IReadOnlyDictionary<string, string> data)
        {
            foreach (var (key, value) in data)
            {
                result[key] = value.Replace("\n", "", StringComparison.Ordinal);
            }
        }
    }

    // Without any variable Flux leaves the expressions as they are.
    private static bool IsSpared(BuiltObject item, Dictionary<string, string> values, bool isOpen)
    {
        var metadata = item.Content["metadata"];
        return (values.Count == 0 && !isOpen)
            || Scalars.Text(metadata?["labels"]?[SubstituteKey]) == "disabled" || Scalars.Text(metadata?["annotations"]?[SubstituteKey]) == "disabled";
    }

    private static BuiltObject Substitute(BuiltObject item, Func<string, string?> find, bool isStrict, Func<string, string>? unknown)
    {
        var target = $"{Scalars.Text(item.Content["kind"])}/{Scalars.Text(item.Content["metadata"]?["name"])}";
        var text = VariableExpression.Evaluate(SubstitutionText.Write(item.Content), target, find, isStrict, unknown);
        try
        {
            var documents = YamlReader.ReadAll(target, text);
            return item with { Content = (JsonObject)documents[0].Root.ToJson(target, YamlSchema.Json)! };
        }
        catch (Exception exception) when (exception is HomelabException or InvalidCastException or ArgumentOutOfRangeException)
        {
            throw Errors.SubstitutionFailed(target, Errors.Text("Detail_SubstituteYaml", exception.Message));
        }
    }

    private static BuiltObject WithMetadata(BuiltObject item, FieldReader? common)
    {
        foreach (var field in common is null ? [] : new[] { "labels", "annotations" })
        {
            foreach (var (key, value) in common!.TextMap(field))
            {
                var metadata = item.Content["metadata"] as JsonObject ?? [];
                var map = metadata[field] as JsonObject ?? [];
                map[key] = value;
                metadata[field] = map.Parent is null ? map : metadata[field];
                item.Content["metadata"] = metadata.Parent is null ? metadata : item.Content["metadata"];
            }
        }

        return item;
    }

    [GeneratedRegex("^[_A-Za-z][_A-Za-z0-9]*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VariableName();
}
