using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Webhooks;

/// <summary>
/// The webhooks that are asked about writes, and who answers them. One whose Service has no ready pod cannot be called, whoever it is
/// of, and its failurePolicy says what becomes of the write. Of those that could be called only the programs of this homelab
/// answer: the containers of others do not really run, and an address outside is not called.
/// </summary>
internal sealed class WebhookServers
{
    private const string Group = "admissionregistration.k8s.io";
    private const string Mutating = "MutatingWebhookConfiguration";
    private const string Validating = "ValidatingWebhookConfiguration";

    private readonly ConditionalWeakTable<StoredObject, JsonObject[]> _read = [];
    private readonly List<IWebhookServer> _servers = [];

    /// <summary>Adds a program that answers. Before the server has requests.</summary>
    public void Add(IWebhookServer server) => _servers.Add(server);

    /// <summary>Asks those that may change an object, before it is looked at.</summary>
    /// <exception cref="ApiException">One cannot be called.</exception>
    public void Mutate(ApiContext context, WebhookRequest request) => Ask(context, Mutating, request);

    /// <summary>Asks those that look at an object which else is right.</summary>
    /// <exception cref="ApiException">It is refused, or one cannot be called.</exception>
    public void Validate(ApiContext context, WebhookRequest request) => Ask(context, Validating, request);

    private void Ask(ApiContext context, string configurations, WebhookRequest request)
    {
        // What names webhooks is never asked about, or nobody could mend it.
        var collection = context.Collection($"{Group}/v1", configurations);
        if (collection.Count == 0 || request.Kind.Is(Group, Mutating) || request.Kind.Is(Group, Validating))
        {
            return;
        }

        foreach (var webhook in collection.Read(null).Objects.SelectMany(item => _read.GetValue(item, Read)).Where(webhook => WebhookRules.Match(context, webhook, request)))
        {
            Call(context, webhook, request, mayRefuse: configurations == Validating);
        }
    }

    // They are asked for at each write, and seldom change.
    private static JsonObject[] Read(StoredObject configuration) => [.. Cells.Items(configuration.ToNode(), "webhooks")];

    private void Call(ApiContext context, JsonObject webhook, WebhookRequest request, bool mayRefuse)
    {
        if (webhook["clientConfig"] is not JsonObject client || client["service"] is not JsonObject service)
        {
            return;
        }

        var (pod, obstacle) = Backend(context, service);
        var server = pod is null ? null : _servers.Find(server => server.Serves(pod));
        if ((obstacle ?? server?.Obstacle(pod!, client)) is { } why)
        {
            if (Cells.Text(webhook, "failurePolicy", "Fail") != "Ignore")
            {
                throw ApiErrors.Internal($"failed calling webhook \"{Cells.Text(webhook, "name")}\": failed to call webhook: Post \"{Address(service, Cells.Text(webhook, "timeoutSeconds", "10"))}\": {why}");
            }
        }
        else if (mayRefuse && request.Node is { } node && server?.Review(request.Kind, node) is { } refusal)
        {
            throw new ApiException(403, "Forbidden", $"admission webhook \"{Cells.Text(webhook, "name")}\" denied the request: {refusal}");
        }
    }

    // A pod that is ready behind a Service; neither, where what is behind it is no pod of the cluster.
    private static (JsonObject? Pod, string? Obstacle) Backend(ApiContext context, JsonObject reference)
    {
        var key = new ObjectKey(Cells.Text(reference, "namespace"), Cells.Text(reference, "name"));
        if (context.Collection("v1", "Service").Find(key)?.ToNode() is not { } service)
        {
            return (null, $"service \"{key.Name}\" not found");
        }

        if (Cells.Text(service, "spec.type") == "ExternalName")
        {
            return default;
        }

        var number = Port(reference);
        if (Cells.Items(service, "spec.ports").FirstOrDefault(port => Cells.Number(port, "port") == number) is not { } port)
        {
            return (null, $"no service port {number.ToString(CultureInfo.InvariantCulture)} found for service \"{key.Name}\"");
        }

        var endpoints = context.Collection("v1", "Endpoints").Find(key)?.ToNode();
        var ready = Cells.Items(endpoints, "subsets").Where(subset => Cells.Items(subset, "ports").Any(item => Cells.Text(item, "name") == Cells.Text(port, "name"))).SelectMany(subset => Cells.Items(subset, "addresses")).ToArray();
        return ready.Length == 0 ? (null, $"no endpoints available for service \"{key.Name}\"")
            : (ready.Select(address => context.Collection("v1", "Pod").Find(new(key.Namespace, Cells.Text(address, "targetRef.name")))?.ToNode()).FirstOrDefault(pod => pod is not null), null);
    }

    private static string Address(JsonObject service, string timeout) =>
        $"https://{Cells.Text(service, "name")}.{Cells.Text(service, "namespace")}.svc:{Port(service).ToString(CultureInfo.InvariantCulture)}{Cells.Text(service, "path")}?timeout={timeout}s";

    private static long Port(JsonObject service) => service["port"] is null ? 443 : Cells.Number(service, "port");
}
