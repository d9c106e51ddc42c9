using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Webhooks;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What webhooks are asked about, by the configurations of the cluster: whether such an object is accepted may change while it stays the same.</summary>
internal sealed class WebhookTypes(ControllerHost host)
{
    private readonly Informer[] _configurations = [host.Informer(Types.ValidatingWebhookConfiguration), host.Informer(Types.MutatingWebhookConfiguration)];

    public bool Includes(ResourceType type) => _configurations.SelectMany(kind => kind.All).SelectMany(item => Items(item, "webhooks")).SelectMany(webhook => Items(webhook, "rules"))
        .Any(rule => WebhookRules.Names(rule, "apiGroups", type.Group) && (WebhookRules.Names(rule, "resources", type.Plural) || WebhookRules.Names(rule, "resources", "*/*")));
}
