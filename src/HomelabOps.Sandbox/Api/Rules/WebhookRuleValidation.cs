using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a rule by which a webhook is asked.</summary>
internal static class WebhookRuleValidation
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    private static readonly string[] Scopes = ["*", "Cluster", "Namespaced"];

    public static void Check(JsonObject rule, string path, List<FieldError> errors)
    {
        var operations = List(rule, "operations", path, "operations", errors);
        for (var index = 0; index < operations.Length; index++)
        {
            if (!Operations.Contains(operations[index], StringComparer.Ordinal))
            {
                errors.Add(FieldError.NotSupported($"{path}.operations[{index}]", operations[index], Operations));
            }
        }

        List(rule, "apiGroups", path, "API groups", errors);
        NotEmpty(List(rule, "apiVersions", path, "API versions", errors), $"{path}.apiVersions", errors);
        Resources(Texts(rule, "resources"), $"{path}.resources", errors);
        if (rule["scope"] is { } scope && !Scopes.Contains((string?)scope, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{path}.scope", scope, Scopes));
        }
    }

    private static string[] List(JsonObject rule, string name, string path, string what, List<FieldError> errors)
    {
        var texts = Texts(rule, name);
        if (texts.Length == 0)
        {
            errors.Add(FieldError.Required($"{path}.{name}"));
        }
        else if (texts.Length > 1 && texts.Contains("*", StringComparer.Ordinal))
        {
            // Operations have a type of their own, which Go prints.
            var type = name == "operations" ? "admissionregistration.OperationType" : "string";
            errors.Add(new($"{path}.{name}", "FieldValueInvalid", $"Invalid value: []{type}{{{string.Join(", ", texts.Select(text => $"\"{text}\""))}}}: if '*' is present, must not specify other {what}"));
        }

        return texts;
    }

    private static void Resources(string[] resources, string path, List<FieldError> errors)
    {
        if (resources.Length == 0)
        {
            errors.Add(FieldError.Required(path));
        }

        NotEmpty(resources, path, errors);
        var (wholeResources, wholeParts) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var index = 0; index < resources.Length; index++)
        {
            // Only what comes after a wildcard is held against it.
            if (resources[index].Split('/', 2) is not [var resource, var part])
            {
                continue;
            }

            foreach (var wildcard in (ReadOnlySpan<string>)[wholeResources.Contains(resource) ? $"{resource}/*" : "", wholeParts.Contains(part) ? $"*/{part}" : ""])
            {
                errors.AddRange(wildcard.Length == 0 ? [] : [FieldError.Invalid($"{path}[{index}]", resources[index], $"if '{wildcard}' is present, must not specify {resources[index]}")]);
            }

            _ = (part == "*" && wholeResources.Add(resource)) | (resource == "*" && wholeParts.Add(part));
        }

        var all = new JsonArray([.. resources.Select(text => JsonValue.Create(text))]);
        if (resources.Length > 1 && resources.Contains("*/*", StringComparer.Ordinal))
        {
            errors.Add(FieldError.Invalid(path, all, "if '*/*' is present, must not specify other resources"));
        }

        // The real server remembers the last one without a subresource only.
        if (resources.Contains("*", StringComparer.Ordinal) && resources.LastOrDefault(text => text.Length > 0 && !text.Contains('/', StringComparison.Ordinal)) != "*")
        {
            errors.Add(FieldError.Invalid(path, all, "if '*' is present, must not specify other resources without subresources"));
        }
    }

    private static void NotEmpty(string[] texts, string path, List<FieldError> errors)
    {
        for (var index = 0; index < texts.Length; index++)
        {
            errors.AddRange(texts[index].Length == 0 ? [FieldError.Required($"{path}[{index}]")] : []);
        }
    }

    private static string[] Texts(JsonObject rule, string name) => [.. (rule[name] as JsonArray ?? []).Select(text => (string?)text ?? "")];
}
