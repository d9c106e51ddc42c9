using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a service.</summary>
internal static class ServiceValidation
{
    private const int FirstNodePort = 30000;
    private const int LastNodePort = 32767;
    private static readonly string[] Affinities = ["ClientIP", "None"];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var ports = PodValidation.Items(spec, "ports", "spec").ToArray();
        if (ports.Length == 0 && (string?)spec["type"] != "ExternalName" && (string?)spec["clusterIP"] != "None")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
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
            if (Numbers.Whole(port["nodePort"]) is { } number and not 0 and (< FirstNodePort or > LastNodePort))
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
