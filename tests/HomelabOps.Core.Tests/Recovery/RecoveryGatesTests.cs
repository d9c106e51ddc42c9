using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Recovery;
using HomelabOps.Core.Recovery.Gates;

namespace HomelabOps.Core.Tests.Recovery;

/// <summary>What counts as made anew, and what only looks like it.</summary>
public sealed class RecoveryGatesTests
{
    private const string HelmGroup = "helm.toolkit.fluxcd.io";
    private const string ReleaseName = "meta.helm.sh/release-name";
    private const string ReleaseNamespace = "meta.helm.sh/release-namespace";

    [Fact]
    public void A_release_that_somebody_installed_by_hand_is_one_item()
    {
        LiveItem[] items =
        [
            Released("apps", "Deployment", "media", "grafana", "grafana"),
            Released("", "Secret", "media", "grafana-admin", "grafana"),
            Storage("media", "grafana"),

            // A label that a template was given proves nothing.
            Item("", "ConfigMap", "media", "rendered", labels: ("app.kubernetes.io/managed-by", "Helm")),
        ];
        Assert.Equal(["ConfigMap/media/rendered", "Release/media/grafana"], Missing("Objects", items));
        Assert.Empty(Missing("Secrets", items));
    }

    [Fact]
    public void What_a_HelmRelease_or_HelmChart_yields_comes_back_where_that_does()
    {
        var release = Item(HelmGroup, "HelmRelease", "media", "sonarr", """{"spec": {"targetNamespace": "apps", "storageNamespace": "flux-system"}, "status": {"helmChart": "flux-system/media-sonarr"}}""");
        var chart = Item("helm.cattle.io", "HelmChart", "kube-system", "traefik", """{"spec": {"targetNamespace": "ingress"}}""", Addon("traefik"));
        LiveItem[] items =
        [
            release, chart,
            Released("apps", "Deployment", "apps", "sonarr", "apps-sonarr"),
            Storage("flux-system", "apps-sonarr"),
            Item("source.toolkit.fluxcd.io", "HelmChart", "flux-system", "media-sonarr"),
            Item("apiextensions.k8s.io", "CustomResourceDefinition", "", "things.example.org", labels: [("helm.toolkit.fluxcd.io/name", "sonarr"), ("helm.toolkit.fluxcd.io/namespace", "media")]),
            Released("apps", "Deployment", "ingress", "traefik", "traefik"),
            Storage("ingress", "traefik"),

            // The same name in another namespace is another release.
            Released("apps", "Deployment", "media", "traefik", "traefik"),
        ];
        Assert.Equal(["Release/media/traefik"], Missing("Objects", items, release.Key));
        Assert.Empty(Missing("Secrets", items, release.Key));

        // A HelmRelease that somebody made by hand is lost with all that it yields.
        Assert.Equal(["CustomResourceDefinition/things.example.org", "HelmChart/flux-system/media-sonarr", "HelmRelease/media/sonarr", "Release/apps/apps-sonarr", "Release/flux-system/apps-sonarr", "Release/media/traefik"], Missing("Objects", items));
    }

    [Fact]
    public void A_release_of_a_release_comes_back_with_it()
    {
        var outer = Item(HelmGroup, "HelmRelease", "media", "stack", """{"spec": {}}""");
        LiveItem[] items =
        [
            Item(HelmGroup, "HelmRelease", "media", "inner", """{"spec": {}}""", annotations: [(ReleaseName, "stack"), (ReleaseNamespace, "media")]),
            outer,
            Released("", "Service", "media", "inner", "inner"),
        ];
        Assert.Empty(Missing("Objects", items, outer.Key));

        // What is applied to another cluster yields nothing here.
        var elsewhere = Item(HelmGroup, "HelmRelease", "media", "stack", """{"spec": {"kubeConfig": {"secretRef": {"name": "other"}}}}""");
        Assert.Equal(["Release/media/stack"], Missing("Objects", [elsewhere, Released("", "Service", "media", "web", "stack")], elsewhere.Key));
    }

    [Fact]
    public void Of_kube_system_only_what_Kubernetes_and_k3s_make_is_passed_over()
    {
        LiveItem[] items =
        [
            Item("", "ConfigMap", "kube-system", "coredns", "{}", Addon("coredns")),
            Item("", "ConfigMap", "kube-system", "coredns-custom"),
            Item("", "ConfigMap", "kube-system", "extension-apiserver-authentication"),
            Item("", "ConfigMap", "kube-system", "kube-root-ca.crt"),
            Item("", "ConfigMap", "kube-system", "cluster-dns"),
            Item("", "ConfigMap", "media", "k3s-notes"),
            Item("", "Secret", "kube-system", "k3s-serving"),
            Item("", "Secret", "kube-system", "k3s-w1.node-password.k3s"),
            Item("", "Secret", "kube-system", "bootstrap-token-abcdef"),
            Item("", "Secret", "kube-system", "traefik-dashboard-users"),
            Item("", "Secret", "kube-system", "default-token-x2v4z", "{}", [("kubernetes.io/service-account.name", "default")]),
            Item("", "Secret", "kube-system", "token-for-me", "{}", [("kubernetes.io/service-account.name", "default")]),
            Item("", "ServiceAccount", "kube-system", "node-controller"),
            Item("", "ServiceAccount", "kube-system", "backup-controller"),
            Item("", "Namespace", "", "kube-system"),
            Item("", "Namespace", "", "k3s-things"),
            Item("apps", "DaemonSet", "kube-system", "svclb-traefik-1b2c", labels: ("svccontroller.k3s.cattle.io/svcname", "traefik")),
            Item("rbac.authorization.k8s.io", "ClusterRole", "", "k3s-cloud-controller-manager"),

            // Beside k3s' own manifests on the disk of a server.
            Item("", "Service", "kube-system", "by-file", "{}", Addon("my-things")),
            Item("helm.cattle.io", "HelmChartConfig", "kube-system", "traefik"),
        ];
        Assert.Equal(["ConfigMap/kube-system/coredns-custom", "ConfigMap/media/k3s-notes", "HelmChartConfig/kube-system/traefik", "Namespace/k3s-things", "Service/kube-system/by-file", "ServiceAccount/kube-system/backup-controller"], Missing("Objects", items));
        Assert.Equal(["kube-system/token-for-me", "kube-system/traefik-dashboard-users"], Missing("Secrets", items));
    }

    [Fact]
    public void A_typed_address_of_a_Service_is_another_one_in_a_new_cluster()
    {
        var ours = Item("", "Service", "media", "fixed", """{"spec": {"clusterIP": "10.96.4.9"}}""");
        ours.Metadata["managedFields"] = JsonNode.Parse("""[{"manager": "kustomize-controller", "fieldsV1": {"f:spec": {"f:clusterIP": {}}}}]""");
        LiveItem[] items =
        [
            Item("volsync.backube", "ReplicationSource", "media", "web-primary", """{"spec": {"syncthing": {"peers": [{"ID": "A", "address": "tcp://10.96.4.2:22000"}, {"ID": "B", "address": "tcp://192.168.1.9:22000"}, {"ID": "C", "address": "tcp://web-backup.media:22000"}, {"ID": "D", "address": "tcp://10.96.4.9:22000"}]}}}"""),
            ours,
            Item("", "Service", "media", "volsync-web-backup", """{"spec": {"clusterIP": "10.96.4.2", "clusterIPs": ["10.96.4.2"]}}"""),
            Item("", "Service", "media", "headless", """{"spec": {"clusterIP": "None"}}"""),
        ];
        Assert.Equal(["media/web-primary: 10.96.4.2, the ClusterIP of Service media/volsync-web-backup"], Missing("SyncthingAddresses", items));
        Assert.Equal(["media/web-primary"], Missing("SyncthingDevices", items));
    }

    [Fact]
    public void Of_each_claim_it_is_said_what_is_lost_with_it()
    {
        LiveItem[] items =
        [
            Claim("kept", "pv-kept"), Claim("gone", "pv-gone"), Claim("empty", null), Item("", "PersistentVolumeClaim", "media", "other", """{"spec": {"volumeName": "pv-gone"}}"""),
            Item("", "PersistentVolume", "", "pv-kept", """{"spec": {"persistentVolumeReclaimPolicy": "Retain"}}"""),
            Item("", "PersistentVolume", "", "pv-gone", """{"spec": {"persistentVolumeReclaimPolicy": "Delete"}}"""),
        ];
        var facts = Facts(items) with { Applied = items.Take(3).Select(item => item.Key).ToHashSet() };
        Assert.Equal(
            ["media/empty (pruned; it has no volume yet)", "media/gone (pruned, and its data with it: reclaim policy Delete)", "media/kept (pruned; its data stays on the disk)", "media/other (its data goes with it: reclaim policy Delete)"],
            RecoveryGates.Check(facts).Single(found => found.Name == "Volumes").Items);

        static LiveItem Claim(string name, string? volume) => Item("", "PersistentVolumeClaim", "media", name, volume is null ? """{"spec": {}}""" : $$"""{"spec": {"volumeName": "{{volume}}"} }""");
    }

    [Fact]
    public void A_claim_comes_back_with_the_set_that_has_its_template()
    {
        var set = Item("apps", "StatefulSet", "data", "my-db");
        LiveItem[] items = [set, Item("", "PersistentVolumeClaim", "data", "data-my-db-0"), Item("", "PersistentVolumeClaim", "data", "data-my-db"), Item("", "PersistentVolumeClaim", "other", "data-my-db-0")];
        Assert.Equal(["PersistentVolumeClaim/data/data-my-db", "PersistentVolumeClaim/other/data-my-db-0"], Missing("Objects", items, set.Key));
    }

    [Fact]
    public void Kinds_of_the_same_name_are_kept_apart()
    {
        var mine = Item("example.org", "Secret", "media", "vault");
        LiveItem[] items = [mine, Item("", "Secret", "media", "vault")];
        Assert.Equal(["media/vault"], Missing("Secrets", items, mine.Key));
        Assert.Equal(["Secret/media/vault"], Missing("Objects", items));
        Assert.Empty(Missing("Objects", items, mine.Key));
    }

    [Theory]
    [InlineData("gateway.networking.k8s.io", "HTTPRoute", true)]
    [InlineData("snapshot.storage.k8s.io", "VolumeSnapshot", true)]
    [InlineData("helm.cattle.io", "HelmChartConfig", true)]
    [InlineData("traefik.io", "Middleware", true)]
    [InlineData("networking.k8s.io", "Ingress", true)]
    [InlineData("extensions", "Ingress", false)]
    [InlineData("discovery.k8s.io", "EndpointSlice", false)]
    [InlineData("storage.k8s.io", "VolumeAttachment", false)]
    [InlineData("metrics.k8s.io", "PodMetrics", false)]
    [InlineData("k3s.cattle.io", "Addon", false)]
    [InlineData("", "Event", false)]
    public void People_make_custom_objects_and_some_of_the_built_in_ones(string group, string kind, bool made) => Assert.Equal(made, RecoveryKinds.IsMade(group, kind));

    private static IReadOnlyList<string> Missing(string gate, LiveItem[] items, params ObjectKey[] git) =>
        RecoveryGates.Check(Facts(items, git)).Single(found => found.Name == gate).Items;

    private static RecoveryFacts Facts(LiveItem[] items, params ObjectKey[] git) => new()
    {
        Config = new(),
        Git = new() { Repository = "homelab", Objects = git.ToHashSet(), Broken = [], FluxFolders = ["."], Encrypted = [] },
        Items = items.GroupBy(item => (item.Key.Group, item.Key.Kind)).ToDictionary(group => group.Key, IReadOnlyList<LiveItem> (group) => [.. group]),
        Denied = [],
        Applied = new HashSet<ObjectKey>(),
        Keys = new HashSet<string>(StringComparer.Ordinal),
    };

    private static (string, string)[] Addon(string name) => [("objectset.rio.cattle.io/id", ""), ("objectset.rio.cattle.io/owner-gvk", "k3s.cattle.io/v1, Kind=Addon"), ("objectset.rio.cattle.io/owner-name", name)];

    private static LiveItem Released(string group, string kind, string space, string name, string release) =>
        Item(group, kind, space, name, "{}", [(ReleaseName, release), (ReleaseNamespace, space)], ("app.kubernetes.io/managed-by", "Helm"));

    private static LiveItem Storage(string space, string release) => Item("", "Secret", space, $"sh.helm.release.v1.{release}.v1", "{}", [], ("owner", "helm"), ("name", release));

    private static LiveItem Item(string group, string kind, string space, string name, string json = "{}", (string Key, string Value)[]? annotations = null, params (string Key, string Value)[] labels)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        (item["apiVersion"], item["kind"]) = (group.Length == 0 ? "v1" : $"{group}/v2", kind);
        item["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space, ["labels"] = Map(labels), ["annotations"] = Map(annotations ?? []) };
        return new(new(group, kind, space, name), item);
    }

    private static JsonObject Map((string Key, string Value)[] entries) => new(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
}
