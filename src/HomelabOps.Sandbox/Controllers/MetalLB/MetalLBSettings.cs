using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.MetalLB;

/// <summary>What the arguments and the version of MetalLB's controller make of its webhook.</summary>
internal sealed record MetalLBSettings(Version Version, string WebhookMode, bool IsRotationDisabled, string Secret, string Service)
{
    // With this version the Secret was given another name.
    private static readonly Version Renamed = new(0, 14, 4);

    public bool HasWebhook => WebhookMode != "disabled";

    /// <summary>Whether a workload or pod is MetalLB's controller.</summary>
    public static bool IsController(JsonObject item) => item["metadata"]?["labels"] is JsonObject labels
        && ((string?)labels["component"] == "controller" || (string?)labels["app.kubernetes.io/component"] == "controller")
        && ((string?)labels["app"] == "metallb" || (string?)labels["app.kubernetes.io/name"] == "metallb");

    /// <summary>Reads the spec of a pod; null where it has no container of that name.</summary>
    public static MetalLBSettings? Of(JsonNode? podSpec)
    {
        if (Items(podSpec, "containers").FirstOrDefault(item => Text(item, "name") is "controller" or "metallb-controller") is not { } container)
        {
            return null;
        }

        var tag = Text(container, "image").Split('@')[0].Split(':')[^1].TrimStart('v');
        var version = Version.TryParse(tag, out var parsed) ? parsed : new Version(0, 14, 9);
        var arguments = ((container["args"] as JsonArray)?.Select(argument => (string?)argument ?? "") ?? []).ToArray();
        return new(
            version,
            Value(arguments, "webhook-mode") ?? "enabled",
            Value(arguments, "disable-cert-rotation") is "" or "true",
            Value(arguments, "webhook-secret") ?? (version < Renamed ? "webhook-server-cert" : "metallb-webhook-cert"),
            Value(arguments, "cert-service-name") ?? (version < Renamed ? "webhook-service" : "metallb-webhook-service"));
    }

    // Empty for a flag without a value.
    private static string? Value(string[] arguments, string name)
    {
        foreach (var argument in arguments)
        {
            var text = argument.TrimStart('-');
            if (text == name)
            {
                return "";
            }

            if (text.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return text[(name.Length + 1)..];
            }
        }

        return null;
    }
}
