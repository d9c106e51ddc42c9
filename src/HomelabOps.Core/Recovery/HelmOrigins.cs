using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery;

/// <summary>
/// Which releases of Helm come back: those that a HelmRelease of Flux or a HelmChart of k3s yields which comes back itself. What somebody has
/// installed by hand looks the same, and is gone.
/// </summary>
internal sealed class HelmOrigins
{
    private const string StoragePrefix = "sh.helm.release.v1.";
    private const string OwnerName = "helm.toolkit.fluxcd.io/name";
    private const string OwnerNamespace = "helm.toolkit.fluxcd.io/namespace";

    private readonly HashSet<(string Namespace, string Name)> _makers = [];
    private readonly HashSet<(string Namespace, string Name)> _releases = [];
    private readonly HashSet<(string Namespace, string Name)> _stored = [];
    private readonly HashSet<string> _charts = new(StringComparer.Ordinal);

    /// <summary>Finds them.</summary>
    /// <param name="makers">All HelmReleases and HelmCharts.</param>
    /// <param name="comesBack">Whether one of them is in Git, or made by something else than Helm.</param>
    public HelmOrigins(IEnumerable<LiveItem> makers, Func<LiveItem, bool> comesBack)
    {
        // Charts may hold HelmReleases, so each that is found can lead to others.
        var left = makers.ToList();
        while (left.FindAll(maker => comesBack(maker) || Yields(maker)) is { Count: > 0 } found)
        {
            found.ForEach(Add);
            left = [.. left.Except(found)];
        }
    }

    /// <summary>The release that an object is of, by what Helm leaves on it; null for none. A label alone proves nothing: templates carry it that nobody installed.</summary>
    public static (string Namespace, string Name)? ReleaseOf(LiveItem item)
    {
        if (item.Annotation("meta.helm.sh/release-name") is { } name)
        {
            return (item.Annotation("meta.helm.sh/release-namespace") ?? item.Key.Namespace, name);
        }

        return IsStorage(item) ? (item.Key.Namespace, item.Label("name")!) : null;
    }

    /// <summary>Whether an object belongs to a release that comes back.</summary>
    public bool Yields(LiveItem item) => (item.Label(OwnerName) is { } maker && _makers.Contains((item.Label(OwnerNamespace) ?? "", maker)))
        || (item.Key is { Group: "source.toolkit.fluxcd.io", Kind: "HelmChart" } && _charts.Contains($"{item.Key.Namespace}/{item.Key.Name}"))
        || (ReleaseOf(item) is { } release && (_releases.Contains(release) || (IsStorage(item) && _stored.Contains(release))));

    private static bool IsStorage(LiveItem item) => item.Key.IsSecret && item.Label("owner") == "helm" && item.Label("name") is not null && item.Key.Name.StartsWith(StoragePrefix, StringComparison.Ordinal);

    private void Add(LiveItem maker)
    {
        if (FluxInventory.IsElsewhere(maker.Json))
        {
            return;
        }

        if (maker.Key.Kind == RecoveryKinds.HelmRelease.Kind)
        {
            var release = (FluxHelmRelease)FluxMapper.Map(maker.Json, "");
            _makers.Add((maker.Key.Namespace, maker.Key.Name));
            _charts.Add(Scalars.Text(maker.Json["status"]?["helmChart"]) ?? "");
            _releases.Add((release.TargetNamespace, release.ReleaseName));
            _stored.Add((Scalars.Text(maker.Spec["storageNamespace"]) ?? maker.Key.Namespace, release.ReleaseName));
            return;
        }

        var chart = (Scalars.Text(maker.Spec["targetNamespace"]) ?? maker.Key.Namespace, maker.Key.Name);
        _releases.Add(chart);
        _stored.Add(chart);
    }
}
