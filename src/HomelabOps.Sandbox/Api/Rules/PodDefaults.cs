using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The defaults of a pod's spec, also within templates.</summary>
internal static class PodDefaults
{
    public static void Apply(JsonObject spec, bool isTemplate = false)
    {
        Defaults.Set(spec, "restartPolicy", "Always");
        Defaults.Set(spec, "dnsPolicy", "ClusterFirst");
        Defaults.Set(spec, "schedulerName", "default-scheduler");
        Defaults.Set(spec, "terminationGracePeriodSeconds", 30);
        Defaults.Set(spec, "securityContext", new JsonObject());
        if (spec["serviceAccountName"] is { } account)
        {
            Defaults.Set(spec, "serviceAccount", account.DeepClone());
        }

        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers", "ephemeralContainers"])
        {
            foreach (var container in (spec[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                Container(container, (bool?)spec["hostNetwork"] == true);
                Quantities(container["resources"]?["limits"] as JsonObject);
                Quantities(container["resources"]?["requests"] as JsonObject);
                if (!isTemplate && container["resources"] is JsonObject resources)
                {
                    Requests(resources);
                }
            }
        }

        foreach (var volume in (spec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Volume(volume);
        }
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        Defaults.Set(container, "terminationMessagePath", "/dev/termination-log");
        Defaults.Set(container, "terminationMessagePolicy", "File");
        Defaults.Set(container, "resources", new JsonObject());
        var image = (string?)container["image"] ?? "";
        var tag = image.Contains('@', StringComparison.Ordinal) ? "digest" : image[(image.LastIndexOf('/') + 1)..].Split(':') is [_, var named] ? named : "latest";
        Defaults.Set(container, "imagePullPolicy", tag == "latest" ? "Always" : "IfNotPresent");
        foreach (var port in (container["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Defaults.Set(port, "protocol", "TCP");
            if (hostNetwork && port["containerPort"] is { } number)
            {
                Defaults.Set(port, "hostPort", number.DeepClone());
            }
        }

        foreach (var variable in (container["env"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (variable["valueFrom"]?["fieldRef"] is JsonObject field)
            {
                Defaults.Set(field, "apiVersion", "v1");
            }
        }

        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[probe] is JsonObject settings)
            {
                Probe(settings);
            }
        }
    }

    // They may be written as numbers, and are texts to who reads them.
    private static void Quantities(JsonObject? amounts)
    {
        foreach (var (name, value) in amounts?.ToList() ?? [])
        {
            if (value?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                amounts![name] = decimal.IsInteger(number) ? number.ToString("0", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{decimal.Ceiling(number * 1000):0}m");
            }
        }
    }

    // What is limited and not asked for is asked for as it is limited. Templates stay as they were written: what was put in there would hold when the limits change.
    private static void Requests(JsonObject resources)
    {
        if (resources["limits"] is not JsonObject limits)
        {
            return;
        }

        var requests = Defaults.Part(resources, "requests");
        foreach (var (name, value) in limits)
        {
            Defaults.Set(requests, name, value!.DeepClone());
        }
    }

    private static void Probe(JsonObject probe)
    {
        Defaults.Set(probe, "timeoutSeconds", 1);
        Defaults.Set(probe, "periodSeconds", 10);
        Defaults.Set(probe, "successThreshold", 1);
        Defaults.Set(probe, "failureThreshold", 3);
        if (probe["httpGet"] is JsonObject http)
        {
            Defaults.Set(http, "path", "/");
            Defaults.Set(http, "scheme", "HTTP");
        }
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var kind in (ReadOnlySpan<string>)["configMap", "secret", "downwardAPI", "projected"])
        {
            if (volume[kind] is JsonObject source)
            {
                Defaults.Set(source, "defaultMode", 420);
            }
        }

        if (volume["hostPath"] is JsonObject hostPath)
        {
            Defaults.Set(hostPath, "type", "");
        }

        if (volume.Count == 1 && volume["name"] is not null)
        {
            volume["emptyDir"] = new JsonObject();
        }
    }
}
