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
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    // Of several sources, the one that the real server looks at first is taken for the right one.
    private static readonly string[] FirstSources = ["emptyDir", "hostPath", "gitRepo", "secret", "nfs", "iscsi", "configMap", "downwardAPI", "projected", "persistentVolumeClaim"];

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
                ContainerValidation.Check(container, place, volumes, names, errors);
            }
        }

        EphemeralContainers.Check(spec, path, volumes, names, errors);
        if (spec["restartPolicy"] is { } policy && !RestartPolicies.Contains((string?)policy, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.restartPolicy", policy, RestartPolicies));
        }

        if (Numbers.Whole(spec["activeDeadlineSeconds"]) is { } seconds and (< 1 or > int.MaxValue))
        {
            errors.Add(FieldError.Invalid($"{path}.activeDeadlineSeconds", seconds, $"must be between 1 and {int.MaxValue}, inclusive"));
        }

        Names(spec, path, errors);
        SchedulingValidation.Check(spec, path, errors);
    }

    /// <summary>A port must be between 1 and 65535.</summary>
    public static void Port(JsonNode? port, string path, List<FieldError> errors)
    {
        if (port is not null && Numbers.Whole(port) is < 1 or > 65535)
        {
            errors.Add(FieldError.Invalid(path, port, "must be between 1 and 65535, inclusive"));
        }
    }

    /// <summary>A port by its number or its name.</summary>
    public static void PortReference(JsonNode? port, string path, List<FieldError> errors)
    {
        if (Numbers.Whole(port) is not null)
        {
            Port(port, path, errors);
        }
        else if (port is not null)
        {
            errors.AddRange(NameRules.PortProblems(port.ToString()).Select(wrong => FieldError.Invalid(path, port, wrong)));
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
        (owner[list] as JsonArray ?? []).OfType<JsonObject>().Select((item, index) => (item, $"{(path.Length == 0 ? "" : path + ".")}{list}[{index.ToString(CultureInfo.InvariantCulture)}]"));

    private static HashSet<string?> Volumes(JsonObject spec, string path, List<FieldError> errors)
    {
        var names = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var (volume, place) in Items(spec, "volumes", path))
        {
            var name = (string?)volume["name"] ?? "";
            if (name.Length == 0)
            {
                // One that is absent is missed by the schema.
                errors.AddRange(volume["name"] is null ? [] : [FieldError.Required($"{place}.name")]);
            }
            else if (NameRules.CheckLabel(name) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{place}.name", name, wrong));
            }
            else if (!names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{place}.name", name));
            }

            VolumeValidation.HostPath(volume["hostPath"], $"{place}.hostPath", errors);
            var sources = volume.Where(field => field.Key != "name" && field.Value is not null).Select(field => field.Key);
            errors.AddRange(sources.OrderBy(source => Array.IndexOf(FirstSources, source) is >= 0 and var order ? order : FirstSources.Length).Skip(1)
                .Select(source => FieldError.Forbidden($"{place}.{source}", "may not specify more than 1 volume type")));
        }

        return names;
    }

    private static void Names(JsonObject spec, string path, List<FieldError> errors)
    {
        if (spec["dnsPolicy"] is { } resolution && !DnsPolicies.Contains((string?)resolution, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.dnsPolicy", resolution, DnsPolicies));
        }
        else if ((string?)spec["dnsPolicy"] == "None" && spec["dnsConfig"] is null)
        {
            errors.Add(FieldError.Required($"{path}.dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None"));
        }

        if ((string?)spec["hostname"] is { Length: > 0 } host && NameRules.CheckLabel(host) is { } unfit)
        {
            errors.Add(FieldError.Invalid($"{path}.hostname", host, unfit));
        }

        if ((string?)spec["nodeName"] is { Length: > 0 } node && NameRules.CheckSubdomain(node) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{path}.nodeName", node, wrong));
        }
    }

    /// <summary>An amount that is none is refused when the body is read.</summary>
    public static double RequireQuantity(JsonNode? amount) => (amount?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? Quantity.ParseStrict(amount.ToString()) : null)
        ?? throw ApiErrors.BadRequest("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
