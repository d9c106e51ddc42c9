using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>
/// Keeps the certificates of the webhook in a Secret that somebody has made, and the authority in those who call it. It runs as
/// part of MetalLB's controller, by the arguments of its Deployment.
/// </summary>
internal sealed class CertificateRotator : Controller
{
    private const string Webhooks = "metallb-webhook-configuration";
    private const string ConvertedKind = "bgppeers.metallb.io";
    private const int KeysOfPair = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    private readonly KeySupply _keys = new();
    private readonly MetalLBOptions _options;
    private readonly Informer _deployments;
    private readonly Informer _secrets;
    private readonly Informer _webhooks;
    private readonly Informer _definitions;

    public CertificateRotator(ControllerHost host, MetalLBOptions options)
        : base(host, "MetalLB", options.Tenure)
    {
        _options = options;
        if (options.IsExpected)
        {
            _keys.Prepare(KeysOfPair);
        }

        _deployments = Watch(Types.Deployment, item => IsOurs(item) ? [ObjectName.Of(item)] : []);
        _deployments.OnChange(change =>
        {
            if (IsOurs(change.Latest))
            {
                _keys.Prepare(KeysOfPair);
            }
        });
        _secrets = Watch(Types.Secret, item => Text(item, "metadata.namespace") == options.Namespace ? Controllers() : []);
        _webhooks = Watch(Types.ValidatingWebhookConfiguration, item => Text(item, "metadata.name") == Webhooks ? Controllers() : []);
        _definitions = Watch(ResourceType.CustomResourceDefinition, item => Text(item, "metadata.name") == ConvertedKind ? Controllers() : []);
    }

    protected override int Workers => 1;

    private bool IsOurs(JsonObject item) => Text(item, "metadata.namespace") == _options.Namespace && MetalLBSettings.IsController(item);

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_deployments.Find(name) is not { } deployment
            || MetalLBSettings.Of(deployment["spec"]?["template"]?["spec"]) is not { HasWebhook: true, IsRotationDisabled: false } settings
            || (deployment["spec"]!["replicas"] is not null && Number(deployment, "spec.replicas") == 0)
            || _secrets.Find(_options.Namespace, settings.Secret) is not { } secret)
        {
            return null;
        }

        var present = secret["data"] as JsonObject;
        var data = WebhookCertificates.Renew(present, $"{settings.Service}.{_options.Namespace}.svc", Clock.GetUtcNow(), _keys);
        if (!ReferenceEquals(data, present))
        {
            var changed = secret.DeepClone().AsObject();
            changed["data"] = data.DeepClone();
            await Objects.ReplaceAsync(Types.Secret, changed, cancellationToken);
        }

        await InjectAsync((string)data["ca.crt"]!, cancellationToken);
        return Interval;
    }

    private async Task InjectAsync(string authority, CancellationToken cancellationToken)
    {
        if (_webhooks.Find("", Webhooks) is { } present && Items(present, "webhooks").Any(webhook => Text(webhook, "clientConfig.caBundle") != authority))
        {
            var changed = present.DeepClone().AsObject();
            foreach (var webhook in Items(changed, "webhooks"))
            {
                webhook["clientConfig"]!["caBundle"] = authority;
            }

            await Objects.ReplaceAsync(Types.ValidatingWebhookConfiguration, changed, cancellationToken);
        }

        if (_definitions.Find("", ConvertedKind) is { } definition && At(definition, "spec.conversion.webhook.clientConfig") is JsonObject client && Text(client, "caBundle") != authority)
        {
            var changed = definition.DeepClone().AsObject();
            changed["spec"]!["conversion"]!["webhook"]!["clientConfig"]!["caBundle"] = authority;
            await Objects.ReplaceAsync(ResourceType.CustomResourceDefinition, changed, cancellationToken);
        }
    }

    private IEnumerable<ObjectName> Controllers() => _deployments.In(_options.Namespace).Where(MetalLBSettings.IsController).Select(ObjectName.Of);
}
