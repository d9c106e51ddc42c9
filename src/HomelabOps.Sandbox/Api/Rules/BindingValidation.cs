using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a RoleBinding or a ClusterRoleBinding.</summary>
internal static class BindingValidation
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Check(string kind, JsonObject node, List<FieldError> errors)
    {
        if (node["roleRef"] is JsonObject role)
        {
            Known(role["apiGroup"], "roleRef.apiGroup", [Group], errors);
            Known(role["kind"], "roleRef.kind", kind == "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"], errors);
            if ((string?)role["name"] == "")
            {
                errors.Add(FieldError.Required("roleRef.name"));
            }
        }

        foreach (var (subject, path) in PodValidation.Items(node, "subjects", ""))
        {
            Subject(kind, subject, path, errors);
        }
    }

    private static void Subject(string binding, JsonObject subject, string path, List<FieldError> errors)
    {
        if ((string?)subject["name"] == "")
        {
            errors.Add(FieldError.Required($"{path}.name"));
        }

        Known(subject["kind"], $"{path}.kind", ["ServiceAccount", "User", "Group"], errors);
        var isAccount = (string?)subject["kind"] == "ServiceAccount";
        if (isAccount || (string?)subject["kind"] is "User" or "Group")
        {
            Known(subject["apiGroup"], $"{path}.apiGroup", [isAccount ? "" : Group], errors);
        }

        if (isAccount && binding == "ClusterRoleBinding" && string.IsNullOrEmpty((string?)subject["namespace"]))
        {
            errors.Add(FieldError.Required($"{path}.namespace"));
        }
    }

    private static void Known(JsonNode? value, string path, string[] words, List<FieldError> errors)
    {
        if (value is not null && !words.Contains((string?)value, StringComparer.Ordinal))
        {
            errors.Add(FieldError.NotSupported(path, value, words));
        }
    }
}
