using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.GitOps.Yaml;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Changes since the last push that the API server will refuse, because the field cannot be changed.</summary>
internal sealed class ImmutableCheck : IManifestCheck
{
    private const string Force = "kustomize.toolkit.fluxcd.io/force";

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot)
    {
        var forced = snapshot.Nodes.Where(node => ObjectText.At(node.Spec, "force") == "true").SelectMany(node => node.Files).ToHashSet(StringComparer.Ordinal);
        return
            from file in snapshot.Index.Contents
            where snapshot.Applied.Contains(file.Path) && !forced.Contains(file.Path)
            where file.Objects.Any(item => ImmutableFields.Has(ResourceId.Split(item.Object.ApiVersion).Group, item.Object.Kind))
            let before = Before(snapshot, file.Path)
            where before.Count > 0
            from item in file.Objects
            let after = RawManifest.Read(item.Node)
            where after is not null && !ObjectText.IsMarked(after, Force, "enabled", "Enabled")
            let old = before.Find(known => ObjectText.Group(known) == ObjectText.Group(after) && ObjectText.Reference(known) == ObjectText.Reference(after))
            where old is not null
            from field in ImmutableFields.Changed(old, after)
            select Finding.Make(
                FindingSeverity.Error, "FieldImmutable", ManifestPlace.Of(file.Path, item.Node, field.Split('.')), ObjectText.Reference(after), ObjectText.Reference(after), field);
    }

    private static List<JsonObject> Before(ManifestSnapshot snapshot, string path)
    {
        if (snapshot.Pushed(path) is not { } bytes || bytes.AsSpan().SequenceEqual(snapshot.Files.Read(path)))
        {
            return [];
        }

        try
        {
            return [.. ManifestReader.Read(path, Encoding.UTF8.GetString(bytes)).Select(manifest => manifest.Content)];
        }
        catch (HomelabException)
        {
            // What was pushed could not be applied either.
            return [];
        }
    }
}
