using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Ingresses;

/// <summary>
/// What Traefik writes into Ingresses: the address of the Service that it is told to publish. It does so while one of its pods is ready,
/// for Ingresses of its classes, and leaves what is written alone where that Service has no address.
/// </summary>
internal sealed class IngressStatusController : Controller
{
    private const string ControllerName = "traefik.io/ingress-controller";
    private const string OldClass = "kubernetes.io/ingress.class";
    private const string Published = "--providers.kubernetesingress.ingressendpoint.publishedservice=";
    private const string ClassOption = "--providers.kubernetesingress.ingressclass=";

    private readonly Informer _ingresses;
    private readonly Informer _classes;
    private readonly Informer _services;
    private readonly Informer _deployments;

    public IngressStatusController(ControllerHost host)
        : base(host, "traefik")
    {
        _ingresses = Watch(Types.Ingress);
        _classes = Watch(Types.IngressClass, (JsonObject _) => All());
        _services = Watch(Types.Service, service => At(service, "status.loadBalancer.ingress") is not null && Publisher(ObjectName.Of(service)) is not null ? All() : []);
        _deployments = Watch(Types.Deployment, deployment => Argument(deployment, Published) is null ? [] : All());
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_ingresses.Find(name) is not { } ingress || Ownership.IsDeleting(ingress)
            || _deployments.All.FirstOrDefault(deployment => Argument(deployment, Published) is not null && Number(deployment, "status.readyReplicas") > 0 && IsMine(ingress, deployment)) is not { } traefik
            || Argument(traefik, Published)!.Split('/') is not [var @namespace, var service]
            || At(_services.Find(new ObjectName(@namespace, service)), "status.loadBalancer.ingress") is not JsonArray { Count: > 0 } addresses)
        {
            return null;
        }

        var status = ingress["status"]?.DeepClone() as JsonObject ?? [];
        status["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray([.. addresses.OfType<JsonObject>().Select(Address)]) };
        await Objects.SetStatusAsync(Types.Ingress, ingress, status, cancellationToken);
        return null;
    }

    // Of a Service an address says more than of an Ingress.
    private static JsonObject Address(JsonObject address) => new(address.Where(field => field.Key is "ip" or "hostname").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private bool IsMine(JsonObject ingress, JsonObject traefik)
    {
        var wanted = Argument(traefik, ClassOption) ?? "";
        if ((string?)ingress["metadata"]?["annotations"]?[OldClass] is { Length: > 0 } old)
        {
            return wanted.Length > 0 ? old == wanted : old == "traefik";
        }

        var named = Text(ingress, "spec.ingressClassName");
        return named.Length == 0 ? wanted.Length == 0
            : Text(_classes.Find(new ObjectName("", named)), "spec.controller") == ControllerName && (wanted.Length == 0 || named == wanted);
    }

    private JsonObject? Publisher(ObjectName service) => _deployments.All.FirstOrDefault(deployment => Argument(deployment, Published) == service.ToString());

    private IEnumerable<ObjectName> All() => _ingresses.All.Select(ObjectName.Of);

    // Its options are not told apart by upper and lower case.
    private static string? Argument(JsonObject deployment, string name) => Items(deployment, "spec.template.spec.containers")
        .Where(container => Text(container, "image").Contains("traefik", StringComparison.Ordinal))
        .SelectMany(container => (container["args"] as JsonArray ?? []).Select(argument => (string?)argument ?? ""))
        .FirstOrDefault(argument => argument.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..];
}
