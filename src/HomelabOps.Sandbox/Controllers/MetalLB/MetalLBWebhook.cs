using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Webhooks;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Kinds;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>The webhook that MetalLB's controller serves: on the port of its pod, with the certificate of its Secret.</summary>
internal sealed class MetalLBWebhook : IWebhookServer
{
    private const string Port = "9443";

    private readonly TimeProvider _clock;
    private readonly string _space;
    private readonly Func<string, bool> _isNodeUp;
    private readonly Informer _secrets;
    private readonly AddressPoolReview _pools;

    // By the name of the Secret: what a running controller has mounted stays, also when the Secret has gone.
    private readonly Dictionary<string, string> _mounted = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="host">Where Secrets and the other pools are seen; it has not started.</param>
    /// <param name="space">MetalLB's namespace.</param>
    /// <param name="isNodeUp">Whether a node can be called.</param>
    public MetalLBWebhook(ControllerHost host, string space, Func<string, bool> isNodeUp)
    {
        (_clock, _space, _isNodeUp) = (host.Clock, space, isNodeUp);
        _pools = new(host.Informer(Types.IpAddressPool), space);
        _secrets = host.Informer(Types.Secret);
        _secrets.OnChange(change =>
        {
            if (change.After is { } secret && ObjectName.Of(secret) is var name && name.Namespace == space)
            {
                lock (_lock)
                {
                    _mounted[name.Name] = WebhookCertificates.Field(secret["data"], "tls.crt");
                }
            }
        });
    }

    public bool Serves(JsonObject pod) => Text(pod, "metadata.namespace") == _space && MetalLBSettings.IsController(pod);

    public string? Obstacle(JsonObject pod, JsonObject client)
    {
        var place = $"{Text(pod, "status.podIP")}:{Port}";
        if (!_isNodeUp(Text(pod, "spec.nodeName")))
        {
            return $"dial tcp {place}: connect: no route to host";
        }

        if (MetalLBSettings.Of(pod["spec"]) is not { HasWebhook: true } settings || Certificate(settings.Secret) is not { Length: > 0 } certificate)
        {
            return $"dial tcp {place}: connect: connection refused";
        }

        return WebhookHandshake.Refusal(certificate, WebhookCertificates.Field(client, "caBundle"), $"{Text(client, "service.name")}.{Text(client, "service.namespace")}.svc", _clock.GetUtcNow());
    }

    public string? Review(ResourceKind kind, JsonObject node) => kind.Is("metallb.io", "IPAddressPool") ? _pools.Refusal(node) : null;

    private string? Certificate(string secret)
    {
        lock (_lock)
        {
            return _mounted.GetValueOrDefault(secret);
        }
    }
}
