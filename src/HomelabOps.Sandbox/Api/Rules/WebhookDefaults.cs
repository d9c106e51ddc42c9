using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The defaults of what names webhooks.</summary>
internal static class WebhookDefaults
{
    public static void Apply(JsonObject node, bool isMutating)
    {
        foreach (var (webhook, _) in PodValidation.Items(node, "webhooks", ""))
        {
            Defaults.Set(webhook, "failurePolicy", "Fail");
            Defaults.Set(webhook, "matchPolicy", "Equivalent");
            Defaults.Set(webhook, "timeoutSeconds", 10);
            Defaults.Part(webhook, "namespaceSelector");
            Defaults.Part(webhook, "objectSelector");
            if (isMutating)
            {
                Defaults.Set(webhook, "reinvocationPolicy", "Never");
            }

            if (webhook["clientConfig"]?["service"] is JsonObject service)
            {
                Defaults.Set(service, "port", 443);
            }

            foreach (var (rule, _) in PodValidation.Items(webhook, "rules", ""))
            {
                Defaults.Set(rule, "scope", "*");
            }
        }
    }
}
