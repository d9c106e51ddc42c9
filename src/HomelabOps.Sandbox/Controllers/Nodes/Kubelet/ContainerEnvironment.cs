using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>The variables of a container. What they refer to has to be there, or the container is not created.</summary>
internal static class ContainerEnvironment
{
    /// <summary>The variables, or the reason why there are none in the kubelet's words.</summary>
    public static (Dictionary<string, string> Variables, string? Error) Build(JsonObject pod, JsonObject container, ClusterView cluster, string hostIp, string podIp)
    {
        var @namespace = Cells.Text(pod, "metadata.namespace");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = "/root",
            ["HOSTNAME"] = Cells.Text(pod, "spec.hostname", Cells.Text(pod, "metadata.name")),
        };
        foreach (var (name, value) in ServiceVariables.Of(pod, cluster))
        {
            variables[name] = value;
        }

        foreach (var source in Cells.Items(container, "envFrom"))
        {
            if (Import(source, @namespace, cluster, variables) is { } error)
            {
                return (variables, error);
            }
        }

        foreach (var variable in Cells.Items(container, "env"))
        {
            var name = Cells.Text(variable, "name");
            if (variable["valueFrom"] is not JsonObject from)
            {
                variables[name] = VariableReferences.Expand(Cells.Text(variable, "value"), variables);
                continue;
            }

            var (value, error) = from["resourceFieldRef"] is { } resource ? (Resource(resource, pod, container, cluster), null) : Value(from, pod, @namespace, cluster, hostIp, podIp);
            if (error is not null)
            {
                return (variables, error);
            }

            if (value is not null)
            {
                variables[name] = value;
            }
        }

        return (variables, null);
    }

    /// <summary>The text of a key of a ConfigMap or Secret; null when it has none.</summary>
    public static string? Entry(JsonObject item, string key, bool isSecret)
    {
        if ((string?)item["data"]?[key] is not { } value)
        {
            return (string?)item["binaryData"]?[key] is { } binary ? Decode(binary) : null;
        }

        return isSecret ? Decode(value) : value;
    }

    private static string? Import(JsonObject source, string @namespace, ClusterView cluster, Dictionary<string, string> variables)
    {
        var isSecret = source["secretRef"] is not null;
        var reference = source[isSecret ? "secretRef" : "configMapRef"];
        var name = Cells.Text(reference, "name");
        var found = (isSecret ? cluster.Secrets : cluster.ConfigMaps).Find(@namespace, name);
        if (found is null)
        {
            return (bool?)reference?["optional"] == true ? null : NotFound(isSecret, name);
        }

        foreach (var (key, _) in found["data"] as JsonObject ?? [])
        {
            variables[Cells.Text(source, "prefix") + key] = Entry(found, key, isSecret) ?? "";
        }

        return null;
    }

    private static (string? Value, string? Error) Value(JsonObject from, JsonObject pod, string @namespace, ClusterView cluster, string hostIp, string podIp)
    {
        if (from["fieldRef"] is { } field)
        {
            return (Field(pod, Cells.Text(field, "fieldPath"), hostIp, podIp), null);
        }

        var isSecret = from["secretKeyRef"] is not null;
        if (from[isSecret ? "secretKeyRef" : "configMapKeyRef"] is not { } reference)
        {
            return (null, null);
        }

        var (name, key, optional) = (Cells.Text(reference, "name"), Cells.Text(reference, "key"), (bool?)reference["optional"] == true);
        if ((isSecret ? cluster.Secrets : cluster.ConfigMaps).Find(@namespace, name) is not { } found)
        {
            return (null, optional ? null : NotFound(isSecret, name));
        }

        return Entry(found, key, isSecret) is { } value ? (value, null) : (null, optional ? null : $"couldn't find key {key} in {(isSecret ? "Secret" : "ConfigMap")} {@namespace}/{name}");
    }

    // In units of the divisor, rounded up. What has no limit may have all of its node.
    private static string Resource(JsonNode reference, JsonObject pod, JsonObject container, ClusterView cluster)
    {
        var named = Cells.Text(reference, "containerName") is { Length: > 0 } name
            ? Cells.Items(pod, "spec.containers").Concat(Cells.Items(pod, "spec.initContainers")).FirstOrDefault(other => Cells.Text(other, "name") == name) ?? container
            : container;
        var (kind, resource) = Cells.Text(reference, "resource").Split('.', 2) is [var first, var second] ? (first, second) : ("", "");
        var node = kind == "limits" ? (string?)cluster.Nodes.Find("", Cells.Text(pod, "spec.nodeName"))?["status"]?["allocatable"]?[resource] : null;
        var amount = Quantity.Parse((string?)named["resources"]?[kind]?[resource] ?? node) ?? 0;
        var divisor = Quantity.Parse(Cells.Text(reference, "divisor")) is > 0 and var one ? one : 1;
        return ((long)Math.Ceiling(amount / divisor)).ToString(CultureInfo.InvariantCulture);
    }

    private static string Field(JsonObject pod, string path, string hostIp, string podIp) => path switch
    {
        "status.podIP" or "status.podIPs" => podIp,
        "status.hostIP" or "status.hostIPs" => hostIp,
        _ when path.IndexOf("['", StringComparison.Ordinal) is > 0 and var start => (string?)Cells.At(pod, path[..start])?[path[(start + 2)..].TrimEnd(']', '\'')] ?? "",
        _ => Cells.Text(pod, path),
    };

    private static string NotFound(bool isSecret, string name) => $"{(isSecret ? "secret" : "configmap")} \"{name}\" not found";

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
