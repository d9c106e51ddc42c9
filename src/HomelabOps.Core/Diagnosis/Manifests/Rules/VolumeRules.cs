using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>The volumes of a pod.</summary>
internal static class VolumeRules
{
    private const int LastMode = 511;

    public static IEnumerable<FieldIssue> Check(Field spec)
    {
        var volumes = spec["volumes"].Items.ToArray();
        return volumes.SelectMany(volume => volume["name"].Checked(NameRules.CheckLabel)).Concat(Field.Repeated(volumes.Select(volume => volume["name"]))).Concat(volumes.SelectMany(Volume));
    }

    /// <summary>A path on a node, of a pod's volume or of a PersistentVolume.</summary>
    public static IEnumerable<FieldIssue> Paths(Field volume) =>
        volume["hostPath"]["path"].Checked(path => path.Split('/').Contains("..") ? "must not contain '..'" : null)
            .Concat(volume["nfs"]["path"].Checked(path => path.StartsWith('/') ? null : "must be an absolute path"));

    private static IEnumerable<FieldIssue> Volume(Field volume) =>
        volume.Entries.Where(entry => entry.Key != "name" && entry.Value.IsSet).Skip(1).Select(entry => entry.Value.Wrong("a volume may not have more than one type"))
            .Concat(Paths(volume))
            .Concat(Needed(volume["configMap"], "name")).Concat(Needed(volume["secret"], "secretName")).Concat(Needed(volume["persistentVolumeClaim"], "claimName"))
            .Concat(((Field[])[volume["configMap"], volume["secret"], volume["projected"]]).SelectMany(source => source["defaultMode"].Within(0, LastMode).Concat(source["items"].Items.SelectMany(Item))));

    private static IEnumerable<FieldIssue> Item(Field item) => item["mode"].Within(0, LastMode)
        .Concat(item["path"].Checked(path => path.StartsWith('/') ? "must be a relative path" : path.Split('/').Contains("..") ? "must not contain '..'" : null));

    private static IEnumerable<FieldIssue> Needed(Field source, string name) => source.IsSet && !source[name].IsSet ? [source[name].Missing()] : [];
}
