using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Core.Schemas;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within the webhooks of a ValidatingWebhookConfiguration or a MutatingWebhookConfiguration.</summary>
internal static partial class WebhookValidation
{
    private const string UrlForm = "; desired format: https://host[/path]";
    private const int LongestWait = 30;
    private const int NameSegments = 3;
    private static readonly string[] ReviewVersions = ["v1", "v1beta1"];
    private static readonly string[] SideEffects = ["None", "NoneOnDryRun"];

    public static void Check(JsonObject node, List<FieldError> errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (webhook, path) in PodValidation.Items(node, "webhooks", ""))
        {
            var name = Cells.Text(webhook, "name");
            Name(name, $"{path}.name", errors);
            foreach (var (rule, place) in PodValidation.Items(webhook, "rules", path))
            {
                WebhookRuleValidation.Check(rule, place, errors);
            }

            Words(webhook, path, errors);
            SelectorValidation.Check(webhook["namespaceSelector"], $"{path}.namespaceSelector", errors);
            SelectorValidation.Check(webhook["objectSelector"], $"{path}.objectSelector", errors);
            Client(webhook["clientConfig"] as JsonObject ?? [], $"{path}.clientConfig", errors);
            Versions(webhook["admissionReviewVersions"] as JsonArray ?? [], $"{path}.admissionReviewVersions", errors);
            if (name.Length > 0 && !names.Add(name))
            {
                errors.Add(FieldError.Duplicate($"{path}.name", name));
            }
        }
    }

    private static void Name(string name, string path, List<FieldError> errors)
    {
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required(path));
        }
        else if (NameRules.CheckSubdomain(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid(path, name, wrong));
        }
        else if (name.Split('.').Length < NameSegments)
        {
            errors.Add(FieldError.Invalid(path, name, "should be a domain with at least three segments separated by dots"));
        }
    }

    private static void Words(JsonObject webhook, string path, List<FieldError> errors)
    {
        Among(webhook["failurePolicy"], $"{path}.failurePolicy", ["Fail", "Ignore"], errors);
        Among(webhook["matchPolicy"], $"{path}.matchPolicy", ["Equivalent", "Exact"], errors);
        if (webhook["sideEffects"] is null)
        {
            errors.Add(FieldError.Required($"{path}.sideEffects", $"must specify one of {string.Join(", ", SideEffects)}"));
        }

        Among(webhook["sideEffects"], $"{path}.sideEffects", SideEffects, errors);
        if (Numbers.Whole(webhook["timeoutSeconds"]) is { } seconds and (< 1 or > LongestWait))
        {
            errors.Add(FieldError.Invalid($"{path}.timeoutSeconds", seconds, $"the timeout value must be between 1 and {LongestWait} seconds"));
        }

        Among(webhook["reinvocationPolicy"], $"{path}.reinvocationPolicy", ["IfNeeded", "Never"], errors);
    }

    private static void Client(JsonObject client, string path, List<FieldError> errors)
    {
        if ((client["url"] is null) == (client["service"] is null))
        {
            errors.Add(FieldError.Required(path, "exactly one of url or service is required"));
        }
        else if (client["service"] is JsonObject service)
        {
            Service(service, $"{path}.service", errors);
        }
        else
        {
            Url(Cells.Text(client, "url"), $"{path}.url", errors);
        }
    }

    private static void Service(JsonObject service, string path, List<FieldError> errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace"])
        {
            if (Cells.Text(service, name).Length == 0)
            {
                errors.Add(FieldError.Required($"{path}.{name}", $"service {name} is required"));
            }
        }

        if (Numbers.Whole(service["port"]) is { } port and (< 1 or > 65535))
        {
            errors.Add(FieldError.Invalid($"{path}.port", port, "port is not valid: must be between 1 and 65535, inclusive"));
        }

        var address = Cells.Text(service, "path");
        if (address is "" or "/")
        {
            return;
        }

        if (address[0] != '/')
        {
            errors.Add(FieldError.Invalid($"{path}.path", address, "must start with a '/'"));
        }

        var inner = address[1..];
        var steps = (inner.EndsWith('/') ? inner[..^1] : inner).Split('/');
        for (var index = 0; index < steps.Length; index++)
        {
            if (steps[index].Length == 0)
            {
                errors.Add(FieldError.Invalid($"{path}.path", address, $"segment[{index}] may not be empty"));
            }
            else if (NameRules.CheckSubdomain(steps[index]) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{path}.path", address, $"segment[{index}]: {wrong}"));
            }
        }
    }

    private static void Url(string url, string path, List<FieldError> errors)
    {
        var parts = UrlParts().Match(url);
        var host = parts.Groups["host"].Value;
        var obstacle = url.StartsWith(':') ? "missing protocol scheme"
            : host.Contains(' ', StringComparison.Ordinal) ? "invalid character \" \" in host name"
            : BadEscape().Match(url) is { Success: true, Value: var escape } ? $"invalid URL escape \"{escape}\""
            : null;
        if (obstacle is not null)
        {
            errors.Add(FieldError.Required(path, $"url must be a valid URL: parse \"{url}\": {obstacle}{UrlForm}"));
            return;
        }

        var scheme = parts.Groups["scheme"].Value;
        errors.AddRange(scheme != "https" ? [FieldError.Invalid(path, scheme, $"'https' is the only allowed URL scheme{UrlForm}")] : []);
        errors.AddRange(host.Length == 0 ? [FieldError.Invalid(path, host, $"host must be provided{UrlForm}")] : []);
        foreach (var (name, what) in (ReadOnlySpan<(string, string)>)[("user", "user information is"), ("fragment", "fragments are"), ("query", "query parameters are")])
        {
            if (parts.Groups[name] is { Success: true, Length: > 0, Value: var value })
            {
                errors.Add(FieldError.Invalid(path, value, $"{what} not permitted in the URL"));
            }
        }
    }

    private static void Versions(JsonArray versions, string path, List<FieldError> errors)
    {
        var known = string.Join(", ", ReviewVersions);
        if (versions.Count == 0)
        {
            errors.Add(FieldError.Required(path, $"must specify one of {known}"));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < versions.Count; index++)
        {
            var version = (string?)versions[index] ?? "";
            if ((seen.Add(version) ? NameRules.Check("", "Service", version) : "duplicate version") is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{path}[{index}]", version, wrong));
            }
        }

        if (!ReviewVersions.Any(seen.Contains))
        {
            errors.Add(FieldError.Invalid(path, versions.DeepClone(), $"must include at least one of {known}"));
        }
    }

    private static void Among(JsonNode? value, string path, string[] words, List<FieldError> errors)
    {
        if (value is not null && !words.Contains((string?)value, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported(path, value, words));
        }
    }

    [GeneratedRegex("^((?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(//((?<user>[^/?#@]*)@)?(?<host>[^/?#]*))?[^?#]*([?](?<query>[^#]*))?(#(?<fragment>.*))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UrlParts();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2}).{0,2}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BadEscape();
}
