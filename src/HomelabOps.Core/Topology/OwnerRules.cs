
namespace HomelabOps.Core.Topology;

/// <summary>Finds where Flux and MetalLB live, which Kustomization owns the storage, and how Syncthing's pods are found.</summary>
internal static class OwnerRules
{
    private const string PartOf = "app.kubernetes.io/part-of";
    private const string RoleOfSyncthing = "syncthing.io/role";
    private static readonly string[] SyncthingLabels = ["app.kubernetes.io/name", "app.kubernetes.io/component", "app"];

    public static void Apply(TopologyFacts facts, TopologyFindings findings)
    {
        findings.Config = findings.Config with
        {
            FluxNamespace = One(FluxNamespaces(facts), findings.Written.FluxNamespace, "TopologyFluxNamespaceSeveral", findings),
            MetalLBNamespace = One(MetalLBNamespaces(facts), findings.Written.MetalLBNamespace, "TopologyMetalLBNamespaceSeveral", findings),
            StorageKustomization = FindStorage(facts, findings) ?? findings.Written.StorageKustomization,
            SyncthingSelector = FindSyncthing(facts) ?? findings.Written.SyncthingSelector,
        };
    }

    private static string One(IEnumerable<string> found, string written, string warning, TopologyFindings findings)
    {
        var names = found.Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (names.Length < 2)
        {
            return names.FirstOrDefault() ?? written;
        }

        var chosen = names.Contains(written) ? written : names[0];
        findings.Warn(warning, string.Join(", ", names), chosen);
        return chosen;
    }

    // The controllers first; a namespace with the label alone may hold but an add-on, and the objects may be anywhere.
    private static string[] FluxNamespaces(TopologyFacts facts)
    {
        var running = facts.Workloads.Where(workload => workload.Names.Contains("kustomize-controller") || workload.Labels.GetValueOrDefault("app.kubernetes.io/component") == "kustomize-controller").Select(workload => workload.Namespace).ToArray();
        var labelled = facts.Namespaces.Where(space => space.Metadata.Labels?.GetValueOrDefault(PartOf) == "flux").Select(space => space.Metadata.Name).ToArray();
        return running.Length > 0 ? running : labelled.Length > 0 ? labelled
            : TopologyFindings.MostFrequent(facts.Kustomizations.Select(item => item.Metadata.Namespace ?? "").Where(name => name.Length > 0)) is { } most ? [most] : [];
    }

    private static IEnumerable<string> MetalLBNamespaces(TopologyFacts facts)
    {
        var running = facts.Workloads.Where(workload => workload.Names.Contains("metallb")).Select(workload => workload.Namespace).ToArray();
        return running.Length > 0 ? running : facts.MetalLB.Select(item => item.Metadata.Namespace ?? "");
    }

    private static string? FindStorage(TopologyFacts facts, TopologyFindings findings)
    {
        var owners = facts.Volumes.Select(volume => volume.Metadata.Labels?.GetValueOrDefault("kustomize.toolkit.fluxcd.io/name")).OfType<string>().ToArray();
        var applied = facts.Volumes.Select(volume => OwnerByPath(facts, volume.File)).OfType<string>().ToArray();
        if ((TopologyFindings.MostFrequent(owners) ?? TopologyFindings.MostFrequent(applied)) is { } owner)
        {
            return owner;
        }

        var named = facts.Kustomizations.Select(item => item.Metadata.Name).Where(name => name.Contains("storage", StringComparison.OrdinalIgnoreCase)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (named.Length > 1)
        {
            var written = findings.Written.StorageKustomization;
            findings.Warn("TopologyStorageSeveral", string.Join(", ", named), written);
            return null;
        }

        return named.FirstOrDefault();
    }

    // The Kustomization whose path is the nearest folder above the manifest.
    private static string? OwnerByPath(TopologyFacts facts, string? file) => file is null ? null : facts.Kustomizations
        .Select(item => (item.Metadata.Name, Path: Normalize(item.Spec?.Path)))
        .Where(item => item.Path.Length > 0 && file.StartsWith(item.Path + "/", StringComparison.Ordinal))
        .OrderByDescending(item => item.Path.Length).Select(item => item.Name).FirstOrDefault();

    private static string Normalize(string? path) => string.Join('/', (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));

    private static string? FindSyncthing(TopologyFacts facts)
    {
        if (facts.Workloads.Exists(workload => workload.Labels.ContainsKey(RoleOfSyncthing)))
        {
            return RoleOfSyncthing;
        }

        // VolSync's own pods are found without a selector. It is for a Syncthing that somebody runs beside it.
        var own = facts.Workloads.Where(workload => !workload.IsMover && (workload.Spec.Containers ?? []).Exists(container => container.Image?.Contains("syncthing", StringComparison.OrdinalIgnoreCase) == true)).ToArray();
        return SyncthingLabels
            .Select(key => own.Length > 0 && own.Select(workload => workload.Labels.GetValueOrDefault(key)).Distinct().ToArray() is [{ Length: > 0 } value] ? $"{key}={value}" : null)
            .FirstOrDefault(selector => selector is not null);
    }
}
