using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Tests.Flux;

public sealed class FluxInventoryTests
{
    [Theory]
    [InlineData("media_sonarr_apps_Deployment", "apps", "Deployment", "media", "sonarr")]
    [InlineData("media_sonarr__Service", "", "Service", "media", "sonarr")]
    [InlineData("_media__Namespace", "", "Namespace", "", "media")]
    [InlineData("_replicationsources.volsync.backube_apiextensions.k8s.io_CustomResourceDefinition", "apiextensions.k8s.io", "CustomResourceDefinition", "", "replicationsources.volsync.backube")]
    [InlineData("_metallb-system__controller_rbac.authorization.k8s.io_ClusterRole", "rbac.authorization.k8s.io", "ClusterRole", "", "metallb-system:controller")]
    [InlineData("kube-system_system__controller__token-cleaner_rbac.authorization.k8s.io_Role", "rbac.authorization.k8s.io", "Role", "kube-system", "system:controller:token-cleaner")]
    [InlineData("default_a__b__ServiceAccount", "", "ServiceAccount", "default", "a:b")]
    [InlineData("no-entry", "", "", "", "no-entry")]
    public void An_entry_names_an_object(string id, string group, string kind, string space, string name) =>
        Assert.Equal(new ObjectKey(group, kind, space, name), FluxInventory.Parse(id));

    [Theory]
    [InlineData("""{"status":{"inventory":{"entries":[{"id":"a_b__Pod","v":"v1"}]}}}""", 1)]
    [InlineData("""{"status":{"inventory":{"entries":[]}}}""", 0)]
    [InlineData("""{"status":{"inventory":[{"name":"of-another-form"}]}}""", null)]
    [InlineData("""{"status":{}}""", null)]
    [InlineData("{}", null)]
    public void Only_lists_of_this_form_are_inventories(string json, int? count) =>
        Assert.Equal(count, FluxInventory.Of(JsonNode.Parse(json)!.AsObject())?.Count);
}
