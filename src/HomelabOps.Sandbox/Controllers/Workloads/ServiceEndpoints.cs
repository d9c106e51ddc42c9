using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>What is behind a Service, as Endpoints and as an EndpointSlice.</summary>
internal static class ServiceEndpoints
{
    /// <summary>The fields that are the controller's.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["subsets", "endpoints", "ports"];

    public static JsonObject Endpoints(JsonObject service, IReadOnlyList<JsonObject> pods)
    {
        var result = new JsonObject { ["metadata"] = Metadata(service, Text(service, "metadata.name"), []) };
        var ports = Ports(service, pods, isSlice: false);
        if (pods.Count > 0 && ports.Count > 0)
        {
            var subset = new JsonObject();
            foreach (var (field, isReady) in new[] { ("addresses", true), ("notReadyAddresses", false) })
            {
                if (pods.Where(pod => IsReady(service, pod) == isReady).Select(Address).ToArray() is { Length: > 0 } addresses)
                {
                    subset[field] = new JsonArray(addresses);
                }
            }

            subset["ports"] = ports;
            result["subsets"] = new JsonArray(subset);
        }

        return result;
    }

    public static JsonObject Slice(JsonObject service, IReadOnlyList<JsonObject> pods, string name) => new()
    {
        ["metadata"] = Metadata(service, name, new() { ["kubernetes.io/service-name"] = Text(service, "metadata.name"), ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io" }),
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray([.. pods.Select(pod => new JsonObject
        {
            ["addresses"] = new JsonArray(Text(pod, "status.podIP")),
            ["conditions"] = ConditionsOf(service, pod),
            ["nodeName"] = Text(pod, "spec.nodeName"),
            ["targetRef"] = Reference(pod),
        })]),
        ["ports"] = Ports(service, pods, isSlice: true),
    };

    private static JsonObject ConditionsOf(JsonObject service, JsonObject pod)
    {
        var (isReady, isEnding) = (Conditions.IsReady(pod), Ownership.IsDeleting(pod));
        return new() { ["ready"] = (isReady && !isEnding) || PublishesAll(service), ["serving"] = isReady, ["terminating"] = isEnding };
    }

    private static bool PublishesAll(JsonObject service) => (bool?)At(service, "spec.publishNotReadyAddresses") == true;

    private static bool IsReady(JsonObject service, JsonObject pod) => Conditions.IsReady(pod) || PublishesAll(service);

    private static JsonObject Address(JsonObject pod) => new() { ["ip"] = Text(pod, "status.podIP"), ["nodeName"] = Text(pod, "spec.nodeName"), ["targetRef"] = Reference(pod) };

    private static JsonObject Reference(JsonObject pod) => new()
    {
        ["kind"] = "Pod",
        ["name"] = Text(pod, "metadata.name"),
        ["namespace"] = Text(pod, "metadata.namespace"),
        ["uid"] = Text(pod, "metadata.uid"),
    };

    // A named target port is looked up in the first pod that has it.
    private static JsonArray Ports(JsonObject service, IReadOnlyList<JsonObject> pods, bool isSlice)
    {
        var ports = new JsonArray();
        foreach (var port in Items(service, "spec.ports"))
        {
            var target = Text(port, "targetPort", Text(port, "port"));
            var number = long.TryParse(target, CultureInfo.InvariantCulture, out var fixedPort)
                ? fixedPort
                : pods.SelectMany(pod => Items(pod, "spec.containers")).SelectMany(container => Items(container, "ports")).Where(item => Text(item, "name") == target).Select(item => Number(item, "containerPort")).FirstOrDefault();
            if (number > 0)
            {
                var entry = new JsonObject { ["port"] = number, ["protocol"] = Text(port, "protocol", "TCP") };
                if (isSlice || Text(port, "name").Length > 0)
                {
                    entry["name"] = Text(port, "name");
                }

                ports.Add(entry);
            }
        }

        return ports;
    }

    private static JsonObject Metadata(JsonObject service, string name, JsonObject labels)
    {
        foreach (var (key, value) in Selection.Labels(service) ?? [])
        {
            labels[key] = value?.DeepClone();
        }

        return new()
        {
            ["name"] = name,
            ["namespace"] = Text(service, "metadata.namespace"),
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(Ownership.Reference(Types.Service, service)),
        };
    }
}
