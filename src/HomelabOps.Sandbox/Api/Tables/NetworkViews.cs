using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;
using static HomelabOps.Sandbox.Api.Tables.TableViews;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Tables of services and networking.</summary>
internal static class NetworkViews
{
    public static IEnumerable<KeyValuePair<string, TableView>> All { get; } = new Dictionary<string, TableView>(StringComparer.Ordinal)
    {
        ["services"] = new(
            [Name, new("Type"), new("Cluster-IP"), new("External-IP"), new("Port(s)"), Age, new("Selector", Priority: 1)],
            static (item, clock) => [NameOf(item), Text(item, "spec.type"), Text(item, "spec.clusterIP", None), External(item), Ports(item), clock.Age(item), Labels(item["spec"]?["selector"])]),
        ["ingresses.networking.k8s.io"] = new(
            [Name, new("Class"), new("Hosts"), new("Address"), new("Ports"), Age],
            static (item, clock) =>
            [
                NameOf(item), Text(item, "spec.ingressClassName", Text(item["metadata"]?["annotations"] is JsonObject notes ? new JsonObject { ["class"] = notes["kubernetes.io/ingress.class"]?.DeepClone() } : null, "class", None)),
                Hosts(item), LoadBalancer(item), Count(item, "spec.tls") > 0 ? "80, 443" : "80", clock.Age(item),
            ]),
        ["ingressclasses.networking.k8s.io"] = new(
            [Name, new("Controller"), new("Parameters"), Age],
            static (item, clock) => [NameOf(item), Text(item, "spec.controller"), At(item, "spec.parameters") is { } parameters ? $"{Text(parameters, "kind")}{(Text(parameters, "apiGroup") is { Length: > 0 } group ? "." + group : "")}/{Text(parameters, "name")}" : None, clock.Age(item)]),
        ["networkpolicies.networking.k8s.io"] = new(
            [Name, new("Pod-Selector"), Age],
            static (item, clock) => [NameOf(item), Selector(item["spec"]?["podSelector"]), clock.Age(item)]),
        ["endpointslices.discovery.k8s.io"] = new(
            [Name, new("AddressType"), new("Ports"), new("Endpoints"), Age],
            static (item, clock) =>
            [
                NameOf(item), Text(item, "addressType"), Join(Items(item, "ports").Select(port => Text(port, "port", "*")), "<unset>"),
                Join(Items(item, "endpoints").SelectMany(endpoint => (endpoint["addresses"] as JsonArray ?? []).Select(address => (string?)address ?? "")), "<unset>"), clock.Age(item),
            ]),
    };

    private static string External(JsonObject item)
    {
        var outside = (At(item, "spec.externalIPs") as JsonArray ?? []).Select(address => (string?)address ?? "").ToList();
        return Text(item, "spec.type") switch
        {
            "ExternalName" => Text(item, "spec.externalName"),
            "LoadBalancer" => Join(LoadBalancers(item).Concat(outside), "<pending>"),
            _ => Join(outside),
        };
    }

    private static IEnumerable<string> LoadBalancers(JsonObject item) => Items(item, "status.loadBalancer.ingress").Select(entry => Text(entry, "ip", Text(entry, "hostname")));

    private static string LoadBalancer(JsonObject item) => string.Join(',', LoadBalancers(item));

    private static string Ports(JsonObject item) => Join(Items(item, "spec.ports").Select(port =>
        Number(port, "nodePort") is not 0 and var node ? Invariant($"{Number(port, "port")}:{node}/{Text(port, "protocol")}") : Invariant($"{Number(port, "port")}/{Text(port, "protocol")}")));

    private static string Hosts(JsonObject item)
    {
        var hosts = Items(item, "spec.rules").Select(rule => Text(rule, "host")).Where(host => host.Length > 0).ToArray();
        return hosts.Length == 0 ? "*" : hosts.Length > 3 ? Invariant($"{string.Join(',', hosts[..3])} + {hosts.Length - 3} more...") : string.Join(',', hosts);
    }
}
