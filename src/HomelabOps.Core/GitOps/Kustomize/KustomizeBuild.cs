using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Builds a kustomization: gives the objects that kustomize 5.5 gives, or an error.</summary>
/// <param name="files">The files.</param>
/// <param name="options">How strict the build is.</param>
internal sealed class KustomizeBuild(IBuildFiles files, KustomizeOptions? options = null)
{
    // What the kustomize within kubectl calls itself, although an API server refuses the parentheses.
    private const string ManagedBy = "kustomize-(devel)";

    private readonly BuildContext _context = new(files, options ?? new());
    private bool _tracksOrigin;

    /// <summary>Builds the kustomization of a folder.</summary>
    /// <param name="files">The files.</param>
    /// <param name="path">The folder, as a path of the files.</param>
    /// <param name="options">How strict the build is.</param>
    /// <exception cref="HomelabException">KustomizationInvalid, KustomizationUnsupported, ManifestInvalid, KustomizeBuildFailed.</exception>
    public static KustomizeResult Run(IBuildFiles files, string path, KustomizeOptions? options = null) => new KustomizeBuild(files, options).Run(path);

    /// <summary>Builds the kustomization of a folder.</summary>
    /// <param name="path">The folder, as a path of the files.</param>
    /// <param name="replacement">What stands in for the folder's kustomization file.</param>
    public KustomizeResult Run(string path, KustomizationFile? replacement = null)
    {
        var folder = BuildFolder.Open(_context, path);
        var file = replacement ?? folder.Kustomization(null);
        _tracksOrigin = file.BuildMetadata.Count > 0;
        var resources = new ResourceSet();
        Accumulate(resources, folder, file, "");
        foreach (var resource in resources.Items.Where(resource => resource.NeedsHash))
        {
            var hash = ContentHash.Of(resource.Body!);
            resource.RememberId();
            resource.Name = $"{resource.Name}-{hash}";
        }

        new NameReferences(resources).Update();
        resources.Replace(resources.Items.Where(resource => resource.MetadataMap("annotations").GetValueOrDefault("config.kubernetes.io/local-config") is null or "false"));
        Sort(resources, file);
        Finish(resources, file);
        return new KustomizeResult
        {
            Objects = [.. resources.Items.Select(item => new BuiltObject(item.Body!, item.Source?.File ?? item.Origin?.ConfiguredIn, item.Source?.Line ?? 0))],
            Warnings = _context.Warnings,
            Files = _context.Used,
        };
    }

    private void Accumulate(ResourceSet resources, BuildFolder folder, KustomizationFile file, string origin)
    {
        _context.Warnings.AddRange(file.Warnings);
        foreach (var entry in file.Resources)
        {
            AddResource(resources, folder, entry, origin);
        }

        resources.Configure(file.Configurations.Aggregate(TransformerConfig.Default, (config, entry) => config.Merge(Configuration(folder, entry))));
        foreach (var entry in file.ConfigMapGenerators.Concat(file.SecretGenerators))
        {
            resources.Absorb(Generator.Generate(entry, folder, new ResourceOrigin(null, Join(origin, file.FileName), entry.Kind + "Generator")), entry.Place);
        }

        foreach (var entry in file.Components)
        {
            AddComponent(resources, folder, entry, origin);
        }

        Transform(resources, folder, file);
    }

    private void AddResource(ResourceSet resources, BuildFolder folder, FileReference entry, string origin)
    {
        if (!folder.IsFolder(entry))
        {
            var path = Join(origin, entry.Text);
            resources.Append(
                folder.Manifests(entry).Select(manifest => new Resource { Body = manifest.Content, Source = manifest, Origin = new(path, null, null) }),
                resource => Duplicate(resources, resource, entry));
            return;
        }

        var below = folder.Enter(entry);
        var file = below.Kustomization(entry);
        if (file.IsComponent)
        {
            throw entry.Invalid("Detail_KustomizeComponent", entry.Text);
        }

        var added = new ResourceSet();
        Accumulate(added, below, file, Join(origin, entry.Text));
        resources.Append(added.Items, resource => Duplicate(resources, resource, entry));
        resources.Configure(added.Config);
    }

    private void AddComponent(ResourceSet resources, BuildFolder folder, FileReference entry, string origin)
    {
        if (!folder.IsFolder(entry))
        {
            throw entry.Invalid("Detail_KustomizeNotFolder", entry.Text);
        }

        var below = folder.Enter(entry);
        var file = below.Kustomization(entry);
        if (!file.IsComponent)
        {
            throw entry.Invalid("Detail_KustomizeNotComponent", entry.Text);
        }

        // A component works on what is there already, so it has no set of its own.
        Accumulate(resources, below, file, Join(origin, entry.Text));
    }

    private static void Transform(ResourceSet resources, BuildFolder folder, KustomizationFile file)
    {
        foreach (var entry in file.PatchesStrategicMerge)
        {
            Patcher.ApplyStrategic(resources, entry, folder);
        }

        foreach (var entry in file.Patches)
        {
            Patcher.Apply(resources, entry, folder);
            resources.DropDeleted();
        }

        if (file.Namespace.Length > 0)
        {
            Transformers.Namespace(resources, file);
        }

        if (file.NamePrefix.Length > 0)
        {
            Transformers.Prefix(resources, file.NamePrefix);
        }

        if (file.NameSuffix.Length > 0)
        {
            Transformers.Suffix(resources, file.NameSuffix);
        }

        Transformers.Labels(resources, file);
        Transformers.SetPairs(resources, resources.Config.CommonAnnotations, file.CommonAnnotations);
        foreach (var entry in file.PatchesJson6902)
        {
            Patcher.ApplyJson(resources, entry, folder);
        }

        foreach (var entry in file.Replicas)
        {
            Transformers.Replicas(resources, entry);
        }

        foreach (var entry in file.Images)
        {
            Transformers.Image(resources, entry);
        }

        foreach (var entry in file.Replacements)
        {
            Replacer.Apply(resources, entry, folder);
        }

        resources.DropDeleted();
    }

    private TransformerConfig Configuration(BuildFolder folder, FileReference entry)
    {
        var file = _context.Files.Display(folder.FileOf(entry));
        var documents = YamlReader.ReadAll(file, Encoding.UTF8.GetString(folder.Read(entry)));
        return documents is [{ IsEmpty: false } document, ..] ? ConfigurationReader.Read(file, document.Root) : new();
    }

    private void Sort(ResourceSet resources, KustomizationFile file)
    {
        if (file.SortOptions?.IsLegacy ?? !_context.Options.KeepsOrder)
        {
            resources.Replace(resources.Items.OrderBy(resource => resource.Id, new OutputOrder(file.SortOptions?.OrderFirst, file.SortOptions?.OrderLast)));
        }
    }

    private void Finish(ResourceSet resources, KustomizationFile file)
    {
        foreach (var resource in resources.Items)
        {
            if (resource.Kind.Length == 0 || resource.Name.Length == 0)
            {
                throw Errors.KustomizeBuildFailed(resource.Place, Errors.Text(resource.Kind.Length == 0 ? "Detail_ManifestKind" : "Detail_ManifestName", resource.Kind));
            }

            if (file.BuildMetadata.Contains("managedByLabel"))
            {
                var labels = resource.MetadataMap("labels");
                labels["app.kubernetes.io/managed-by"] = ManagedBy;
                resource.SetMetadataMap("labels", labels);
            }

            var annotations = resource.MetadataMap("annotations");
            annotations.Remove(ResourceOrigin.Annotation);
            if (_tracksOrigin && file.BuildMetadata.Contains("originAnnotations") && resource.Origin is { } origin)
            {
                annotations[ResourceOrigin.Annotation] = origin.ToString();
            }

            // Annotations become text here, and none at all leave no field.
            resource.SetMetadataMap("annotations", annotations);
        }
    }

    private static HomelabException Duplicate(ResourceSet resources, Resource resource, FileReference entry)
    {
        var known = resources.Items.Find(item => ResourceSet.Key(item) == ResourceSet.Key(resource));
        return entry.Invalid("Detail_BuildDuplicate", resource.Id, resource.Place, known?.Place ?? entry.Text);
    }

    private static string Join(string folder, string relative) => BuildPath.Relative(folder, relative);
}
