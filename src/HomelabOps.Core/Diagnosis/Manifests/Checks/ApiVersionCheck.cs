using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Schemas;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>API versions that are no longer served, or never were.</summary>
internal sealed class ApiVersionCheck : IManifestCheck
{
    // Groups whose kinds and versions do not change any more, so that an unknown one is a mistake.
    private static readonly HashSet<string> Settled = new(["v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1", "policy/v1", "autoscaling/v2"], StringComparer.Ordinal);

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let finding = Check(snapshot, entry.Item)
        where finding is not null
        select finding;

    private static HomelabFinding? Check(ManifestSnapshot snapshot, BuiltObject built)
    {
        var item = built.Content;
        var (kind, apiVersion) = (ObjectText.Kind(item), ObjectText.ApiVersion(item));
        if (ObjectText.IsUnknown(apiVersion))
        {
            return null;
        }

        var definitions = snapshot.Schemas.Definitions(item).ToArray();
        if (definitions.Length > 0)
        {
            return Custom(snapshot, built, definitions);
        }

        if (RemovedApis.Find(apiVersion, kind) is { } removed)
        {
            return Make(snapshot, built, FindingSeverity.Error, "ApiVersionRemoved", kind, apiVersion, removed.Since, removed.Instead is null ? "" : $"; use {removed.Instead}");
        }

        if (FluxVersions.IsOld(item))
        {
            return Make(snapshot, built, FindingSeverity.Warning, "ApiVersionDeprecated", kind, apiVersion);
        }

        return Settled.Contains(apiVersion) && ModelSchemas.Find(ObjectText.Group(item), apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..], kind) is null && !kind.EndsWith("List", StringComparison.Ordinal)
            ? Make(snapshot, built, FindingSeverity.Error, "ApiVersionUnknown", kind, apiVersion, Instead(kind))
            : null;
    }

    private static HomelabFinding? Custom(ManifestSnapshot snapshot, BuiltObject built, CustomDefinition[] definitions)
    {
        var (kind, apiVersion) = (ObjectText.Kind(built.Content), ObjectText.ApiVersion(built.Content));
        var version = ResourceId.Split(apiVersion).Version;
        var found = definitions.Select(definition => definition.Find(version)).OfType<CustomVersion>().Where(known => known.IsServed).ToArray();
        return found.Length == 0
            ? Make(snapshot, built, FindingSeverity.Error, "ApiVersionUnknown", kind, apiVersion, "; it has " + string.Join(", ", definitions.SelectMany(definition => definition.Versions).Where(known => known.IsServed).Select(known => known.Name).Distinct()))
            : Array.TrueForAll(found, known => known.IsDeprecated)
                ? Make(snapshot, built, FindingSeverity.Warning, "ApiVersionDeprecated", kind, apiVersion)
                : null;
    }

    private static string Instead(string kind) => Settled.Select(version => (Version: version, Split: ResourceId.Split(version)))
        .FirstOrDefault(other => ModelSchemas.Find(other.Split.Group, other.Split.Version, kind) is not null) is { Version: { } version } ? "; it is in " + version : "";

    private static HomelabFinding Make(ManifestSnapshot snapshot, BuiltObject built, FindingSeverity severity, string reason, params object?[] arguments) =>
        Finding.Make(severity, reason, snapshot.Place(built, "apiVersion"), ObjectText.Reference(built.Content), arguments);
}
