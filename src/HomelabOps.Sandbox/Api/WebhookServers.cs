using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Kinds;

namespace HomelabOps.Sandbox.Api;

/// <summary>
/// Who answers validating webhooks in this homelab. Such a one is asked while a configuration names it; that it cannot be reached does
/// not happen here. Others are not called.
/// </summary>
internal sealed class WebhookServers
{
    private readonly ConcurrentDictionary<string, (string Name, Func<JsonObject, string?> Review)> _served = new(StringComparer.Ordinal);

    /// <summary>Answers a webhook.</summary>
    /// <param name="name">Of the webhook in its configuration.</param>
    /// <param name="resource">What it is asked about, such as <c>ipaddresspools.metallb.io</c>.</param>
    /// <param name="review">Why an object is refused; null for one that is not.</param>
    public void Serve(string name, string resource, Func<JsonObject, string?> review) => _served[resource] = (name, review);

    /// <summary>Asks about an object that is written.</summary>
    /// <exception cref="ApiException">It is refused.</exception>
    public void Review(ApiContext context, ResourceKind kind, JsonObject node)
    {
        if (_served.TryGetValue(kind.Resource, out var served)
            && context.Collection("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration").Read(null).Objects.Any(item => Cells.Items(item.ToNode(), "webhooks").Any(webhook => Cells.Text(webhook, "name") == served.Name))
            && served.Review(node) is { } why)
        {
            throw new ApiException(403, "Forbidden", $"admission webhook \"{served.Name}\" denied the request: {why}");
        }
    }
}
