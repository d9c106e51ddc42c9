using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a service.</summary>
internal static class ServiceValidation
{
    public const int FirstNodePort = 30000;
    public const int LastNodePort = 32767;
    private const string AddressText = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");
    private static readonly IPNetwork[] LocalMulticast = [IPNetwork.Parse("224.0.0.0/24"), IPNetwork.Parse("ff02::/16")];
    private static readonly string[] Affinities = ["ClientIP", "None"];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var ports = PodValidation.Items(spec, "ports", "spec").ToArray();
        if (ports.Length == 0 && (string?)spec["type"] != "ExternalName" && (string?)spec["clusterIP"] != "None")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        Addresses(spec, errors);
        External(spec, errors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var nodePorts = new HashSet<(string?, long)>();
        foreach (var (port, path) in ports)
        {
            var name = (string?)port["name"] ?? "";
            if (name.Length == 0 && ports.Length > 1)
            {
                errors.Add(FieldError.Required($"{path}.name"));
            }
            else if (name.Length > 0 && !names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{path}.name", name));
            }

            if (name.Length > 0 && NameRules.CheckLabel(name) is { } unfit)
            {
                errors.Add(FieldError.Invalid($"{path}.name", name, unfit));
            }

            PodValidation.Port(port["port"] ?? 0, $"{path}.port", errors);
            PodValidation.PortReference(port["targetPort"] ?? 0, $"{path}.targetPort", errors);
            PodValidation.Protocol(port["protocol"], $"{path}.protocol", errors);
            if (Numbers.Whole(port["nodePort"]) is not ({ } number and not 0))
            {
                continue;
            }

            if ((string?)spec["type"] == "ClusterIP")
            {
                errors.Add(FieldError.Forbidden($"{path}.nodePort", "may not be used when `type` is 'ClusterIP'"));
            }
            else if (number is < FirstNodePort or > LastNodePort)
            {
                errors.Add(FieldError.Invalid($"{path}.nodePort", number, $"provided port is not in the valid range. The range of valid ports is {FirstNodePort}-{LastNodePort}"));
            }

            if (!nodePorts.Add(((string?)port["protocol"], number)))
            {
                errors.Add(FieldError.Duplicate($"{path}.nodePort", number));
            }
        }

        if (spec["sessionAffinity"] is { } affinity && !Affinities.Contains((string?)affinity, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported("spec.sessionAffinity", affinity, Affinities));
        }
    }

    private static void Addresses(JsonObject spec, List<FieldError> errors)
    {
        if ((string?)spec["clusterIP"] is { Length: > 0 } and not "None" and var address && !IPAddress.TryParse(address, out _))
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", address, AddressText));
        }

        if ((string?)spec["type"] is "LoadBalancer" or "NodePort" && (string?)spec["clusterIP"] == "None")
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", "None", $"may not be set to 'None' for {spec["type"]} services"));
        }

        var external = spec["externalIPs"] as JsonArray ?? [];
        for (var index = 0; index < external.Count; index++)
        {
            var text = (string?)external[index] ?? "";
            var why = !IPAddress.TryParse(text, out var parsed) ? AddressText
                : parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any) ? "may not be unspecified (0.0.0.0)"
                : IPAddress.IsLoopback(parsed) ? "may not be in the loopback range (127.0.0.0/8)"
                : parsed.IsIPv6LinkLocal || LinkLocal.Contains(parsed) ? "may not be in the link-local range (169.254.0.0/16)"
                : LocalMulticast.Any(range => range.Contains(parsed)) ? "may not be in the link-local multicast range (224.0.0.0/24)"
                : null;
            errors.AddRange(why is null ? [] : [FieldError.Invalid($"spec.externalIPs[{index}]", text, why)]);
        }
    }

    private static void External(JsonObject spec, List<FieldError> errors)
    {
        if ((string?)spec["type"] != "ExternalName")
        {
            return;
        }

        if (!string.IsNullOrEmpty((string?)spec["clusterIP"]))
        {
            errors.Add(FieldError.Forbidden("spec.clusterIPs", "may not be set for ExternalName services"));
        }

        var name = (string?)spec["externalName"] ?? "";
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("spec.externalName"));
        }
        else if (NameRules.CheckSubdomain(name.EndsWith('.') ? name[..^1] : name) is { } wrong)
        {
            errors.Add(FieldError.Invalid("spec.externalName", name, wrong));
        }
    }
}
