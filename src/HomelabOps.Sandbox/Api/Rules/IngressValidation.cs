using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within an Ingress.</summary>
internal static class IngressValidation
{
    private const string WildcardText = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static readonly string[] PathTypes = ["Exact", "ImplementationSpecific", "Prefix"];
    private static readonly string[] UncleanParts = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] UncleanEnds = ["/..", "/."];

    public static void Check(JsonObject spec, List<FieldError> errors)
    {
        var rules = PodValidation.Items(spec, "rules", "spec").ToArray();
        if (rules.Length == 0 && spec["defaultBackend"] is null)
        {
            errors.Add(new("spec", "FieldValueInvalid", "Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified"));
        }

        foreach (var (rule, path) in rules)
        {
            Rule(rule, path, errors);
        }

        Backend(spec["defaultBackend"] as JsonObject, "spec.defaultBackend", errors);
        foreach (var (tls, path) in PodValidation.Items(spec, "tls", "spec"))
        {
            var hosts = tls["hosts"] as JsonArray ?? [];
            for (var index = 0; index < hosts.Count; index++)
            {
                Host((string?)hosts[index] ?? "", $"{path}.hosts[{index}]", errors);
            }
        }

        if ((string?)spec["ingressClassName"] is { } name && NameRules.CheckSubdomain(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid("spec.ingressClassName", name, wrong));
        }
    }

    private static void Rule(JsonObject rule, string path, List<FieldError> errors)
    {
        if ((string?)rule["host"] is { Length: > 0 } host)
        {
            if (IPAddress.TryParse(host, out _))
            {
                errors.Add(FieldError.Invalid($"{path}.host", host, "must be a DNS name, not an IP address"));
            }
            else
            {
                Host(host, $"{path}.host", errors);
            }
        }

        if (rule["http"] is not JsonObject http)
        {
            return;
        }

        if (http["paths"] is JsonArray { Count: 0 })
        {
            errors.Add(FieldError.Required($"{path}.http.paths"));
        }

        foreach (var (item, place) in PodValidation.Items(http, "paths", $"{path}.http"))
        {
            Path(item, place, errors);
            Backend(item["backend"] as JsonObject, $"{place}.backend", errors);
        }
    }

    private static void Host(string host, string path, List<FieldError> errors)
    {
        var wrong = !host.Contains('*', StringComparison.Ordinal) ? NameRules.CheckSubdomain(host)
            : host.StartsWith("*.", StringComparison.Ordinal) && NameRules.CheckSubdomain(host[2..]) is null ? null
            : WildcardText;
        if (wrong is not null)
        {
            errors.Add(FieldError.Invalid(path, host, wrong));
        }
    }

    private static void Path(JsonObject item, string place, List<FieldError> errors)
    {
        var (path, type) = ((string?)item["path"] ?? "", (string?)item["pathType"]);
        if (type is null)
        {
            errors.Add(FieldError.Required($"{place}.pathType", "pathType must be specified"));
            return;
        }

        if (!PathTypes.Contains(type, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{place}.pathType", type, PathTypes));
        }
        else if (!path.StartsWith('/'))
        {
            // The controller of an Ingress may read its own paths, and nothing, as it likes.
            errors.AddRange(type == "ImplementationSpecific" && path.Length == 0 ? [] : [FieldError.Invalid($"{place}.path", path, "must be an absolute path")]);
        }
        else if (type != "ImplementationSpecific")
        {
            errors.AddRange(UncleanParts.Where(part => path.Contains(part, StringComparison.Ordinal)).Select(part => FieldError.Invalid($"{place}.path", path, $"must not contain '{part}'")));
            errors.AddRange(UncleanEnds.Where(end => path.EndsWith(end, StringComparison.Ordinal)).Select(end => FieldError.Invalid($"{place}.path", path, $"cannot end with '{end}'")));
        }
    }

    private static void Backend(JsonObject? backend, string path, List<FieldError> errors)
    {
        if (backend is null)
        {
            return;
        }

        if (backend["service"] is not JsonObject service || backend["resource"] is not null)
        {
            if ((backend["service"] is null) == (backend["resource"] is null))
            {
                errors.Add(FieldError.Invalid(path, "", backend["service"] is null ? "resource or service backend is required" : "cannot set both resource and service backends"));
            }

            return;
        }

        var (name, port, number) = ((string?)service["name"] ?? "", (string?)service["port"]?["name"] ?? "", Numbers.Whole(service["port"]?["number"]) ?? 0);
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.service.name"));
        }
        else if (NameRules.Check("", "Service", name) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{path}.service.name", name, wrong));
        }

        if (port.Length > 0 && number != 0)
        {
            errors.Add(FieldError.Invalid(path, "", "cannot set both port name & port number"));
        }
        else if (port.Length == 0 && number == 0)
        {
            errors.Add(FieldError.Required(path, "port name or number is required"));
        }
        else if (port.Length > 0)
        {
            errors.AddRange(NameRules.CheckPort(port) is { } unfit ? [FieldError.Invalid($"{path}.service.port.name", port, unfit)] : []);
        }
        else
        {
            PodValidation.Port(number, $"{path}.service.port.number", errors);
        }
    }
}
