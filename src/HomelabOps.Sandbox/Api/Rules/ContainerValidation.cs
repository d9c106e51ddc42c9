using System.Text.Json.Nodes;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a container.</summary>
internal static class ContainerValidation
{
    private const string VariableText = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];
    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
    private static readonly string[] ProbeNumbers = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void Check(JsonObject container, string path, HashSet<string?> volumes, HashSet<string> names, List<FieldError> errors)
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

        Image(container, path, errors);
        Ports(container, path, errors);
        Variables(container, path, errors);
        Mounts(container, path, volumes, errors);
        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            Probe(container[probe] as JsonObject, $"{path}.{probe}", probe == "readinessProbe", errors);
        }

        foreach (var hook in (ReadOnlySpan<string>)["postStart", "preStop"])
        {
            Handler(container["lifecycle"]?[hook] as JsonObject, $"{path}.lifecycle.{hook}", errors);
        }

        Resources(container, path, errors);
    }

    private static void Image(JsonObject container, string path, List<FieldError> errors)
    {
        var image = (string?)container["image"] ?? "";
        if (image.Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.image"));
        }
        else if (image.Trim() != image)
        {
            errors.Add(FieldError.Invalid($"{path}.image", image, "must not have leading or trailing whitespace"));
        }

        if (container["imagePullPolicy"] is { } policy && !PullPolicies.Contains((string?)policy, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.imagePullPolicy", policy, PullPolicies));
        }
    }

    private static void Ports(JsonObject container, string path, List<FieldError> errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (port, place) in PodValidation.Items(container, "ports", path))
        {
            if ((string?)port["name"] is { Length: > 0 } name)
            {
                if (NameRules.CheckPort(name) is { } wrong)
                {
                    errors.Add(FieldError.Invalid($"{place}.name", name, wrong));
                }
                else if (!names.Add(name))
                {
                    errors.Add(FieldError.Duplicate($"{place}.name", name));
                }
            }

            PodValidation.Port(port["containerPort"], $"{place}.containerPort", errors);
            PodValidation.Port(port["hostPort"], $"{place}.hostPort", errors);
            PodValidation.Protocol(port["protocol"], $"{place}.protocol", errors);
        }
    }

    private static void Variables(JsonObject container, string path, List<FieldError> errors)
    {
        foreach (var (variable, place) in PodValidation.Items(container, "env", path))
        {
            var name = (string?)variable["name"];
            if (name == "")
            {
                errors.Add(FieldError.Required($"{place}.name"));
            }
            else if (name is not null)
            {
                VariableName(name, $"{place}.name", errors);
            }

            if (variable["valueFrom"] is JsonObject source)
            {
                Source(source, Sources, $"{place}.valueFrom", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`", errors);
                if (!string.IsNullOrEmpty((string?)variable["value"]))
                {
                    errors.Add(FieldError.Invalid($"{place}.valueFrom", "", "may not be specified when `value` is not empty"));
                }

                foreach (var reference in Sources.Skip(2).Where(reference => (string?)source[reference]?["key"] == ""))
                {
                    errors.Add(FieldError.Required($"{place}.valueFrom.{reference}.key"));
                }
            }
        }

        foreach (var (item, place) in PodValidation.Items(container, "envFrom", path))
        {
            if ((string?)item["prefix"] is { Length: > 0 } prefix)
            {
                VariableName(prefix, $"{place}.prefix", errors);
            }

            // The real server does not tell which of them.
            Source(item, ["configMapRef", "secretRef"], $"{path}.envFrom", "must specify one of: `configMapRef` or `secretRef`", errors);
            foreach (var reference in (ReadOnlySpan<string>)["configMapRef", "secretRef"])
            {
                if (item[reference] is JsonObject named && string.IsNullOrEmpty((string?)named["name"]))
                {
                    errors.Add(FieldError.Required($"{place}.{reference}.name"));
                }
            }
        }
    }

    private static void VariableName(string name, string path, List<FieldError> errors)
    {
        if (name.Any(character => character is < ' ' or > '~' or '='))
        {
            errors.Add(FieldError.Invalid(path, name, VariableText));
        }
    }

    private static void Source(JsonObject source, IEnumerable<string> known, string path, string none, List<FieldError> errors)
    {
        var count = known.Count(name => source[name] is not null);
        if (count != 1)
        {
            errors.Add(FieldError.Invalid(path, "", count == 0 ? none : "may not have more than one field specified at a time"));
        }
    }

    private static void Mounts(JsonObject container, string path, HashSet<string?> volumes, List<FieldError> errors)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (mount, place) in PodValidation.Items(container, "volumeMounts", path))
        {
            if (mount["name"] is { } volume && !volumes.Contains((string?)volume))
            {
                errors.AddRange((string?)volume == "" ? [FieldError.Required($"{place}.name")] : []);
                errors.Add(FieldError.NotFound($"{place}.name", volume));
            }

            var target = (string?)mount["mountPath"];
            if (target == "")
            {
                errors.Add(FieldError.Required($"{place}.mountPath"));
            }

            if (target is not null && !places.Add(target))
            {
                errors.Add(FieldError.Invalid($"{place}.mountPath", target, "must be unique"));
            }

            if ((string?)mount["subPath"] is { Length: > 0 } inner)
            {
                // The real server does not tell which of them.
                errors.AddRange(inner.StartsWith('/') ? [FieldError.Invalid($"{path}.volumeMounts.subPath", inner, "must be a relative path")] : []);
                errors.AddRange(inner.Split('/').Contains("..", StringComparer.Ordinal) ? [FieldError.Invalid($"{path}.volumeMounts.subPath", inner, "must not contain '..'")] : []);
            }
        }
    }

    private static void Probe(JsonObject? probe, string path, bool isReadiness, List<FieldError> errors)
    {
        if (probe is null)
        {
            return;
        }

        Handler(probe, path, errors);
        foreach (var name in ProbeNumbers.Where(name => Numbers.Whole(probe[name]) < 0))
        {
            errors.Add(FieldError.Invalid($"{path}.{name}", probe[name], "must be greater than or equal to 0"));
        }

        if (!isReadiness && Numbers.Whole(probe["successThreshold"]) is { } successes and not 1)
        {
            errors.Add(FieldError.Invalid($"{path}.successThreshold", successes, "must be 1"));
        }
    }

    private static void Handler(JsonObject? handler, string path, List<FieldError> errors)
    {
        if (handler is null)
        {
            return;
        }

        var kinds = Handlers.Where(kind => handler[kind] is not null).ToArray();
        errors.AddRange(kinds.Length == 0 ? [FieldError.Required(path, "must specify a handler type")] : kinds.Skip(1).Select(kind => FieldError.Forbidden($"{path}.{kind}", "may not specify more than 1 handler type")));
        if (handler["exec"] is JsonObject execution && execution["command"] is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required($"{path}.exec.command"));
        }

        foreach (var kind in (ReadOnlySpan<string>)["httpGet", "tcpSocket"])
        {
            if (handler[kind] is JsonObject call)
            {
                PodValidation.PortReference(call["port"] ?? 0, $"{path}.{kind}.port", errors);
            }
        }

        if (handler["httpGet"]?["scheme"] is { } scheme && !Schemes.Contains((string?)scheme, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.httpGet.scheme", scheme, Schemes));
        }
    }

    private static void Resources(JsonObject container, string path, List<FieldError> errors)
    {
        foreach (var list in (ReadOnlySpan<string>)["limits", "requests"])
        {
            foreach (var (resource, amount) in container["resources"]?[list] as JsonObject ?? [])
            {
                var quantity = PodValidation.RequireQuantity(amount);
                if (list == "requests" && container["resources"]?["limits"]?[resource] is { } limit && quantity > PodValidation.RequireQuantity(limit))
                {
                    errors.Add(FieldError.Invalid($"{path}.resources.requests", amount, $"must be less than or equal to {resource} limit of {limit}"));
                }
            }
        }
    }

    /// <summary>Reads all amounts of a pod's containers.</summary>
    /// <exception cref="ApiException">One is no amount.</exception>
    public static void RequireQuantities(JsonObject? pod)
    {
        foreach (var container in (ReadOnlySpan<JsonObject?>)[.. Containers(pod, "initContainers"), .. Containers(pod, "containers")])
        {
            foreach (var (_, amount) in (ReadOnlySpan<KeyValuePair<string, JsonNode?>>)[.. Amounts(container, "limits"), .. Amounts(container, "requests")])
            {
                PodValidation.RequireQuantity(amount);
            }
        }

        static IEnumerable<JsonObject?> Containers(JsonObject? pod, string list) => (pod?[list] as JsonArray ?? []).Select(container => container as JsonObject);

        static JsonObject Amounts(JsonObject? container, string list) => (container?["resources"] as JsonObject)?[list] as JsonObject ?? [];
    }
}
