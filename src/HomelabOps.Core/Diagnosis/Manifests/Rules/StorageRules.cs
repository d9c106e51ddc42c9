using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Volumes and claims.</summary>
internal static class StorageRules
{
    public static IEnumerable<FieldIssue> Check(JsonObject item)
    {
        var spec = new Field(item)["spec"];
        return !ObjectText.Is(item, "", "PersistentVolumeClaim") ? ObjectText.Is(item, "", "PersistentVolume") ? Volume(spec) : []
            : Common(spec).Concat(Storage(spec["resources"]["requests"]["storage"]));
    }

    private static IEnumerable<FieldIssue> Volume(Field spec)
    {
        var sources = spec.Node is JsonObject node ? VolumeSources.Of(node).Select(source => source.Key).ToArray() : [];
        return Common(spec).Concat(Storage(spec["capacity"]["storage"])).Concat(VolumeRules.Paths(spec))
            .Concat(sources.Skip(1).Select(source => spec[source].Wrong("a volume may not have more than one type")))
            .Concat(sources.Length == 0 ? [spec.Wrong("it must have a volume type, such as hostPath or nfs")] : [])
            .Concat(spec["local"].IsSet && !spec["nodeAffinity"].IsSet ? [spec["nodeAffinity"].Missing()] : []);
    }

    private static IEnumerable<FieldIssue> Common(Field spec) => spec["storageClassName"].Checked(name => name.Length == 0 ? null : NameRules.CheckSubdomain(name))
        .Concat(!spec["accessModes"].IsSet || spec["accessModes"].Node is JsonArray { Count: 0 } ? [spec["accessModes"].Missing()] : []);

    private static IEnumerable<FieldIssue> Storage(Field amount) => !amount.IsSet ? [amount.Missing()]
        : Quantity.ParseStrict(Scalars.Text(amount.Node)) <= 0 ? [amount.Wrong("it must be greater than zero")] : [];
}
