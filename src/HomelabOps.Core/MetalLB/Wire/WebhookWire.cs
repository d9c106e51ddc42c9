using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

/// <summary>A ValidatingWebhookConfiguration.</summary>
internal sealed class WebhookConfigurationWire : ObjectWire
{
    public List<WebhookWire>? Webhooks { get; set; }
}

internal sealed class WebhookWire
{
    public string Name { get; set; } = "";

    public string? FailurePolicy { get; set; }

    public WebhookClientWire? ClientConfig { get; set; }

    public List<WebhookRuleWire>? Rules { get; set; }
}

internal sealed class WebhookRuleWire
{
    public List<string>? ApiGroups { get; set; }
}

internal sealed class WebhookClientWire
{
    public string? Url { get; set; }

    public WebhookServiceWire? Service { get; set; }

    public byte[]? CaBundle { get; set; }
}

internal sealed class WebhookServiceWire
{
    public string? Namespace { get; set; }

    public string? Name { get; set; }
}

/// <summary>A CustomResourceDefinition, as far as its versions are converted by a webhook.</summary>
internal sealed class ConvertedKindWire : ObjectWire
{
    public ConvertedKindSpecWire? Spec { get; set; }
}

internal sealed class ConvertedKindSpecWire
{
    public ConversionWire? Conversion { get; set; }
}

internal sealed class ConversionWire
{
    public string? Strategy { get; set; }

    public ConversionWebhookWire? Webhook { get; set; }
}

internal sealed class ConversionWebhookWire
{
    public WebhookClientWire? ClientConfig { get; set; }
}
