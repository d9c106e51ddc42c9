using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within the spec of a pod, also of one in a template.</summary>
internal static class PodValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Check(JsonObject? spec, string path, List<FieldError> errors)
    {
        if (spec is null)
        {
            return;
        }

        var volumes = Volumes(spec, path, errors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (spec["containers"] is JsonArray { Count: 0 })
        {
            errors.Add(FieldError.Required($"{path}.containers"));
        }

        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var (container, place) in Items(spec, list, path))
            {
                Container(container, place, volumes, names, errors);
            }
        }

        if (spec["restartPolicy"] is { } policy && !RestartPolicies.Contains((string?)policy, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.restartPolicy", policy, RestartPolicies));
        }
    }

    /// <summary>A port must be between 1 and 65535.</summary>
    public static void Port(JsonNode? port, string path, List<FieldError> errors)
    {
        if (port is not null && Numbers.Whole(port) is < 1 or > 65535)
        {
            errors.Add(FieldError.Invalid(path, port, "must be between 1 and 65535, inclusive"));
        }
    }

    public static void Protocol(JsonNode? protocol, string path, List<FieldError> errors)
    {
        if (protocol is not null && !Protocols.Contains((string?)protocol, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported(path, protocol, Protocols));
        }
    }

    /// <summary>The objects of a list with their places.</summary>
    public static IEnumerable<(JsonObject Item, string Path)> Items(JsonObject owner, string list, string path) =>
        (owner[list] as JsonArray ?? []).OfType<JsonObject>().Select((item, index) => (item, $"{path}.{list}[{index.ToString(CultureInfo.InvariantCulture)}]"));

    private static HashSet<string?> Volumes(JsonObject spec, string path, List<FieldError> errors)
    {
        var names = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var (volume, place) in Items(spec, "volumes", path))
        {
            var name = (string?)volume["name"];
            if (!string.IsNullOrEmpty(name) && !names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{place}.name", name));
            }
        }

        return names;
    }

    private static void Container(JsonObject container, string path, HashSet<string?> volumes, HashSet<string> names, List<FieldError> errors)
    {
        var name = (string?)container["name"] ?? "";
        if (name.Length > 0 && NameRules.CheckLabel(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{path}.name", name, wrong));
        }

        if (!names.Add(name) && name.Length > 0)
        {
            errors.Add(FieldError.Duplicate($"{path}.name", name));
        }

        if (string.IsNullOrEmpty((string?)container["image"]))
        {
            errors.Add(FieldError.Required($"{path}.image"));
        }

        foreach (var (port, place) in Items(container, "ports", path))
        {
            Port(port["containerPort"], $"{place}.containerPort", errors);
            Port(port["hostPort"], $"{place}.hostPort", errors);
            Protocol(port["protocol"], $"{place}.protocol", errors);
        }

        foreach (var (variable, place) in Items(container, "env", path))
        {
            if ((string?)variable["name"] == "")
            {
                errors.Add(FieldError.Required($"{place}.name"));
            }
        }

        foreach (var (mount, place) in Items(container, "volumeMounts", path))
        {
            if (mount["name"] is { } volume && !volumes.Contains((string?)volume))
            {
                errors.Add(FieldError.NotFound($"{place}.name", volume));
            }
        }

        if (container["imagePullPolicy"] is { } policy && !PullPolicies.Contains((string?)policy, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.imagePullPolicy", policy, PullPolicies));
        }

        Resources(container, path, errors);
    }

    private static void Resources(JsonObject container, string path, List<FieldError> errors)
    {
        foreach (var list in (ReadOnlySpan<string>)["limits", "requests"])
        {
            foreach (var (resource, amount) in container["resources"]?[list] as JsonObject ?? [])
            {
                var quantity = RequireQuantity(amount);
                if (list == "requests" && container["resources"]?["limits"]?[resource] is { } limit && quantity > RequireQuantity(limit))
                {
                    errors.Add(FieldError.Invalid($"{path}.resources.requests", amount, $"must be less than or equal to {resource} limit of {limit}"));
                }
            }
        }
    }

    /// <summary>An amount that is none is refused when the body is read.</summary>
    public static double RequireQuantity(JsonNode? amount) => (amount?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? Quantity.ParseStrict(amount.ToString()) : null)
        ?? throw ApiErrors.BadRequest("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
