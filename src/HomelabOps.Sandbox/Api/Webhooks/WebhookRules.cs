using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Selecting;
using HomelabOps.Sandbox.Api.Tables;
using Label = System.Collections.Generic.KeyValuePair<string, string>;

namespace HomelabOps.Sandbox.Api.Webhooks;

/// <summary>Whether a webhook is asked about a write: by its rules and its selectors. Its matchConditions are not looked at.</summary>
internal static class WebhookRules
{
    public static bool Match(ApiContext context, JsonObject webhook, WebhookRequest request) =>
        Cells.Items(webhook, "rules").Any(rule => Matches(rule, request))
        && (Labels(context, request) is not { } space || Selects(webhook["namespaceSelector"], space))
        && new[] { request.Node, request.Old }.OfType<JsonObject>().Any(node => Selects(webhook["objectSelector"], Labels(node)));

    // A rule holds for all versions of a kind, as the usual matchPolicy says: Equivalent.
    private static bool Matches(JsonObject rule, WebhookRequest request) =>
        Names(rule, "apiGroups", request.Kind.Group)
        && request.Kind.Versions.Any(version => Names(rule, "apiVersions", version.Name))
        && Names(rule, "operations", request.Operation)
        && Texts(rule, "resources").Any(resource => IsOf(resource, request))
        && Cells.Text(rule, "scope", "*") is var scope && (scope == "*" || scope == (request.Kind.Namespaced ? "Namespaced" : "Cluster"));

    private static bool IsOf(string resource, WebhookRequest request) => resource.Split('/') switch
    {
        [var name] => request.Subresource is null && (name == "*" || name == request.Kind.Plural),
        [var name, var part] => (name == "*" || name == request.Kind.Plural) && (part == "*" || part == request.Subresource),
        _ => false,
    };

    /// <summary>Whether a field of a rule names a value, or all.</summary>
    public static bool Names(JsonObject rule, string field, string value) => Texts(rule, field).Any(text => text == "*" || text == value);

    private static IEnumerable<string> Texts(JsonObject rule, string field) => (rule[field] as JsonArray ?? []).Select(text => (string?)text ?? "");

    // The labels of the namespace; null for what is in none: a selector of namespaces leaves that alone.
    private static Label[]? Labels(ApiContext context, WebhookRequest request) =>
        request.Kind.Is("", "Namespace") ? Labels(request.Latest)
        : !request.Kind.Namespaced ? null
        : context.Collection("v1", "Namespace").Find(new("", Cells.Text(request.Latest, "metadata.namespace")))?.Labels ?? [];

    private static Label[] Labels(JsonObject node) => [.. (Cells.At(node, "metadata.labels") as JsonObject ?? []).Select(label => new Label(label.Key, (string?)label.Value ?? ""))];

    private static bool Selects(JsonNode? selector, Label[] labels) => selector is null || LabelSelector.Of(selector).Matches(labels);
}
