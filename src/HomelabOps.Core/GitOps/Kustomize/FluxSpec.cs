using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Puts what the spec of a Flux Kustomization asks for into the kustomization file that is built.</summary>
internal static class FluxSpec
{
    /// <summary>The fields of the spec. Those that say nothing about the build are only known.</summary>
    public static readonly string[] Fields =
    [
        "commonMetadata", "components", "decryption", "deletionPolicy", "dependsOn", "force", "healthCheckExprs", "healthChecks", "ignoreMissingComponents", "images",
        "interval", "kubeConfig", "namePrefix", "nameSuffix", "patches", "path", "postBuild", "prune", "retryInterval", "serviceAccountName", "sourceRef", "suspend",
        "targetNamespace", "timeout", "wait", "buildMetadata", "ignore",
    ];

    /// <summary>The spec as a node of YAML, so that it is read like a file.</summary>
    public static YamlNode Node(string name, JsonObject kustomization)
    {
        var documents = YamlReader.ReadAll(name, (kustomization["spec"] ?? new JsonObject()).ToJsonString());
        return documents[0].Root;
    }

    /// <summary>The file with the spec's settings, which win or come last.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="file">The file of the folder.</param>
    /// <param name="exists">Whether something is at a path that counts from the folder.</param>
    public static KustomizationFile Apply(FieldReader spec, KustomizationFile file, Func<string, bool> exists)
    {
        var components = spec.Texts("components");
        foreach (var component in components.Where(component => BuildPath.IsRemote(component.Text) || component.Text.StartsWith('/')))
        {
            throw component.Invalid("Detail_FluxComponent", component.Text);
        }

        var metadata = spec.Texts("buildMetadata").Select(text => text.Text).ToArray();
        return file with
        {
            Namespace = Or(spec.Text("targetNamespace"), file.Namespace),
            NamePrefix = Or(spec.Text("namePrefix"), file.NamePrefix),
            NameSuffix = Or(spec.Text("nameSuffix"), file.NameSuffix),
            Patches = [.. file.Patches, .. spec.Sections("patches", ["patch", "target"]).Select(Patch)],
            Components = [.. file.Components, .. components.Where(component => !spec.Flag("ignoreMissingComponents") || exists(component.Text))],
            Images = Images(spec, file.Images),
            BuildMetadata = metadata.Length > 0 ? metadata : file.BuildMetadata,
        };
    }

    private static PatchEntry Patch(FieldReader entry)
    {
        var target = entry.Section("target", KustomizationReader.SelectorFields);
        return new(null, entry.Text("patch"), target is null ? null : KustomizationReader.Selector(target), AllowNameChange: false, AllowKindChange: false, KustomizationReader.Place(entry));
    }

    // Tag and digest go together: one that is set takes the other's place.
    private static List<ImageChange> Images(FieldReader spec, IReadOnlyList<ImageChange> images)
    {
        var result = images.ToList();
        foreach (var entry in spec.Sections("images", ["name", "newName", "newTag", "digest"]))
        {
            var image = new ImageChange(entry.Text("name"), entry.Text("newName"), entry.Text("newTag"), entry.Text("digest"));
            var index = result.FindIndex(known => known.Name == image.Name);
            if (index < 0)
            {
                result.Add(image);
                continue;
            }

            var known = result[index] with { NewName = Or(image.NewName, result[index].NewName) };
            result[index] = image.NewTag.Length > 0 || image.Digest.Length > 0 ? known with { NewTag = image.NewTag, Digest = image.Digest } : known;
        }

        return result;
    }

    private static string Or(string text, string otherwise) => text.Length == 0 ? otherwise : text;
}
