using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a service.</summary>
internal static class ServiceValidation
{
    public const int FirstNodePort = 30000;
    public const int LastNodePort = 32767;
    private static readonly string[] Affinities = ["ClientIP", "None"];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var ports = PodValidation.Items(spec, "ports", "spec").ToArray();
        if (ports.Length == 0 && (string?)spec["type"] != "ExternalName" && (string?)spec["clusterIP"] != "None")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        if ((string?)spec["clusterIP"] is { Length: > 0 } and not "None" and var address && !IPAddress.TryParse(address, out _))
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }

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

            PodValidation.Port(port["port"], $"{path}.port", errors);
            PodValidation.Port(Numbers.Whole(port["targetPort"]) is null ? null : port["targetPort"], $"{path}.targetPort", errors);
            PodValidation.Protocol(port["protocol"], $"{path}.protocol", errors);
            if (Numbers.Whole(port["nodePort"]) is not ({ } number and not 0))
            {
                continue;
            }

            if (!nodePorts.Add(((string?)port["protocol"], number)))
            {
                errors.Add(FieldError.Duplicate($"{path}.nodePort", number));
            }

            if (number is < FirstNodePort or > LastNodePort)
            {
                errors.Add(FieldError.Invalid($"{path}.nodePort", number, $"provided port is not in the valid range. The range of valid ports is {FirstNodePort}-{LastNodePort}"));
            }
        }

        if (spec["sessionAffinity"] is { } affinity && !Affinities.Contains((string?)affinity, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported("spec.sessionAffinity", affinity, Affinities));
        }
    }
}
