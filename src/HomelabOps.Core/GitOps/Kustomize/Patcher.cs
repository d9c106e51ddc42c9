using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Patching;

namespace HomelabOps.Core.GitOps.Kustomize;

/// <summary>Carries out the three fields of patches.</summary>
internal static class Patcher
{
    /// <summary>An entry of <c>patches</c>: whether it is strategic or JSON shows in its text.</summary>
    public static void Apply(ResourceSet resources, PatchEntry entry, BuildFolder folder)
    {
        var text = entry.Patch.Trim();
        if ((text.Length == 0) == (entry.Path is null))
        {
            throw entry.Place.Invalid("Detail_PatchSource", entry.Place.Field);
        }

        var file = entry.Path is null ? entry.Place.File : entry.Path.Text;
        var documents = YamlReader.ReadAll(file, entry.Path is null ? text : Encoding.UTF8.GetString(folder.Read(entry.Path)));
        if (documents is [{ Root.Items: not null } operations])
        {
            if (operations.Root.Items.Count == 0)
            {
                throw entry.Place.Invalid("Detail_PatchEmpty", entry.Place.Field);
            }

            ApplyJson(resources, entry, operations.Root, file, remembers: true);
            return;
        }

        var patches = ManifestReader.Read(file, entry.Path is null ? text : Encoding.UTF8.GetString(folder.Read(entry.Path)));
        if (patches.Count == 0)
        {
            throw entry.Place.Invalid("Detail_PatchEmpty", entry.Place.Field);
        }

        if (entry.Target is null)
        {
            foreach (var patch in patches)
            {
                ApplyStrategic(Target(resources, patch, entry.Place), patch.Content, entry);
            }

            return;
        }

        if (patches.Count > 1)
        {
            throw entry.Place.Invalid("Detail_PatchMany", entry.Place.Field);
        }

        foreach (var resource in Select(resources, entry.Target, entry.Place))
        {
            var patch = (JsonObject)patches[0].Content.DeepClone();
            patch["apiVersion"] = resource.Body!["apiVersion"]?.DeepClone();
            ApplyStrategic(resource, patch, entry);
        }

        CheckUnique(resources, entry.Place);
    }

    /// <summary>An entry of <c>patchesStrategicMerge</c>: a file, or the patch itself.</summary>
    public static void ApplyStrategic(ResourceSet resources, FileReference entry, BuildFolder folder)
    {
        var isInline = entry.Text.Contains('\n', StringComparison.Ordinal);
        var patches = isInline ? ManifestReader.Read(entry.File, entry.Text) : folder.Manifests(entry);
        foreach (var patch in patches)
        {
            ApplyStrategic(Target(resources, patch, entry), patch.Content, new(null, "", null, AllowNameChange: false, AllowKindChange: false, entry));
            resources.DropDeleted();
        }
    }

    /// <summary>An entry of <c>patchesJson6902</c>.</summary>
    public static void ApplyJson(ResourceSet resources, PatchEntry entry, BuildFolder folder)
    {
        if ((entry.Patch.Length == 0) == (entry.Path is null))
        {
            throw entry.Place.Invalid("Detail_PatchSource", entry.Place.Field);
        }

        var file = entry.Path is null ? entry.Place.File : entry.Path.Text;
        var documents = YamlReader.ReadAll(file, entry.Path is null ? entry.Patch : Encoding.UTF8.GetString(folder.Read(entry.Path)));
        if (documents is not [{ Root.Items.Count: > 0 } operations] || entry.Target is not { Id.Name.Length: > 0 })
        {
            throw entry.Place.Invalid(entry.Target is { Id.Name.Length: > 0 } ? "Detail_PatchEmpty" : "Detail_PatchTarget", entry.Place.Field);
        }

        ApplyJson(resources, entry, operations.Root, file, remembers: false);
    }

    /// <summary>The objects that a selector with patterns means.</summary>
    public static IReadOnlyList<Resource> Select(ResourceSet resources, ResourceSelector selector, FileReference place)
    {
        var (group, version, kind, name, ns) = (Pattern(selector.Id.Group), Pattern(selector.Id.Version), Pattern(selector.Id.Kind), Pattern(selector.Id.Name), Pattern(selector.Id.Namespace));
        var labels = LabelSelector.Parse(selector.LabelSelector) ?? throw place.Invalid("Detail_Selector", selector.LabelSelector);
        var annotations = LabelSelector.Parse(selector.AnnotationSelector) ?? throw place.Invalid("Detail_Selector", selector.AnnotationSelector);
        return resources.Items.FindAll(resource =>
        {
            if (resource.Body is null)
            {
                return false;
            }

            var (id, original) = (resource.Id, resource.OriginalId);
            return (Matches(ns, original.EffectiveNamespace) || Matches(ns, id.EffectiveNamespace))
                && (Matches(name, original.Name) || Matches(name, id.Name))
                && Matches(group, id.Group) && Matches(version, id.Version) && Matches(kind, id.Kind)
                && labels.Matches(resource.MetadataMap("labels"))
                && annotations.Matches(resource.MetadataMap("annotations"));
        });

        Regex? Pattern(string text)
        {
            try
            {
                return text.Length == 0 ? null : new Regex($"^(?:{text})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            }
            catch (ArgumentException)
            {
                throw place.Invalid("Detail_Pattern", text);
            }
        }
    }

    private static bool Matches(Regex? pattern, string text) => pattern?.IsMatch(text) ?? true;

    private static Resource Target(ResourceSet resources, Manifest patch, FileReference place)
    {
        var id = new Resource { Body = patch.Content }.Id;
        return resources.Find(id, out var matches) ?? throw place.Invalid(matches == 0 ? "Detail_PatchNothing" : "Detail_PatchAmbiguous", id);
    }

    private static void ApplyStrategic(Resource resource, JsonObject patch, PatchEntry entry)
    {
        var (name, ns, kind) = (resource.Name, resource.Namespace, resource.Kind);
        if (entry.AllowNameChange || entry.AllowKindChange)
        {
            resource.RememberId();
        }

        resource.Body = new StrategicMerge(resource.Place).Apply(resource.Body!, (JsonObject)patch.DeepClone(), resource.Source?.Node);
        if (resource.Body is null)
        {
            return;
        }

        if (!entry.AllowKindChange)
        {
            resource.Body["kind"] = kind;
        }

        if (!entry.AllowNameChange)
        {
            resource.Name = name;
        }

        resource.Namespace = ns;
    }

    private static void ApplyJson(ResourceSet resources, PatchEntry entry, YamlNode operations, string file, bool remembers)
    {
        if (entry.Target is null)
        {
            throw entry.Place.Invalid("Detail_PatchTarget", entry.Place.Field);
        }

        var patch = (JsonArray)operations.ToJson(file, YamlSchema.Json)!;
        foreach (var resource in Select(resources, entry.Target, entry.Place))
        {
            if (remembers)
            {
                resource.RememberId();
            }

            try
            {
                resource.Body = JsonPatch.Apply(resource.Body, patch) as JsonObject ?? throw entry.Place.Invalid("Detail_PatchRoot", resource.Id);
            }
            catch (PatchException exception)
            {
                throw entry.Place.Invalid("Detail_PatchFailed", resource.Id, exception.Message);
            }
        }
    }

    private static void CheckUnique(ResourceSet resources, FileReference place)
    {
        var clash = resources.Items.Where(item => item.Body is not null).GroupBy(ResourceSet.Key).FirstOrDefault(group => group.Skip(1).Any());
        if (clash is not null)
        {
            throw place.Invalid("Detail_BuildDuplicate", clash.First().Id, clash.First().Place, clash.Last().Place);
        }
    }
}
