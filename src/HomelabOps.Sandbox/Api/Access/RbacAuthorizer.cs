using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Access;

/// <summary>Decides by Roles and their bindings who may do what. Masters may do everything.</summary>
internal sealed class RbacAuthorizer(ApiContext context)
{
    private const string Group = "rbac.authorization.k8s.io/v1";

    /// <summary>Why it is allowed, or null when it is not.</summary>
    public string? Allows(ApiUser user, AccessAttributes access)
    {
        if (user.IsOwner)
        {
            return "";
        }

        return Rules(user, access.Namespace).Where(rule => Covers(rule.Rule, access)).Select(rule => rule.Because).FirstOrDefault();
    }

    /// <summary>The rules that hold for the user in a namespace, or cluster-wide.</summary>
    public IEnumerable<(JsonObject Rule, string Because)> Rules(ApiUser user, string? @namespace)
    {
        foreach (var rule in RulesOf(user, "ClusterRoleBinding", ""))
        {
            yield return rule;
        }

        foreach (var rule in string.IsNullOrEmpty(@namespace) ? [] : RulesOf(user, "RoleBinding", @namespace))
        {
            yield return rule;
        }
    }

    private IEnumerable<(JsonObject Rule, string Because)> RulesOf(ApiUser user, string bindingKind, string @namespace)
    {
        foreach (var binding in context.Collection(Group, bindingKind).Read(@namespace).Objects.Select(item => item.ToNode()))
        {
            var subject = Cells.Items(binding, "subjects").FirstOrDefault(candidate => Names(candidate, user));
            if (subject is null)
            {
                continue;
            }

            var (kind, name) = (Cells.Text(binding, "roleRef.kind"), Cells.Text(binding, "roleRef.name"));
            var role = context.Collection(Group, kind).Find(new ObjectKey(kind == "Role" ? @namespace : "", name))?.ToNode();
            var because = $"RBAC: allowed by {bindingKind} \"{Cells.Text(binding, "metadata.name")}{(@namespace.Length == 0 ? "" : "/" + @namespace)}\" of {kind} \"{name}\" to {Cells.Text(subject, "kind")} \"{Cells.Text(subject, "name")}\"";
            foreach (var rule in Cells.Items(role, "rules"))
            {
                yield return (rule, because);
            }
        }
    }

    private static bool Names(JsonObject subject, ApiUser user) => Cells.Text(subject, "kind") switch
    {
        "User" => Cells.Text(subject, "name") == user.Name,
        "Group" => user.Groups.Contains(Cells.Text(subject, "name"), StringComparer.Ordinal),
        "ServiceAccount" => user.Name == $"system:serviceaccount:{Cells.Text(subject, "namespace")}:{Cells.Text(subject, "name")}",
        _ => false,
    };

    private static bool Covers(JsonObject rule, AccessAttributes access)
    {
        if (!Has(rule, "verbs", access.Verb))
        {
            return false;
        }

        if (access.Path is { } path)
        {
            return Values(rule, "nonResourceURLs").Any(pattern => pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal)));
        }

        var resource = access.Subresource is { Length: > 0 } sub ? $"{access.Resource}/{sub}" : access.Resource;
        var named = Values(rule, "resourceNames").ToArray();
        return Has(rule, "apiGroups", access.Group)
            && (Has(rule, "resources", resource) || (access.Subresource is { Length: > 0 } && Values(rule, "resources").Contains("*/" + access.Subresource, StringComparer.Ordinal)))
            && (named.Length == 0 || named.Contains(access.Name, StringComparer.Ordinal));
    }

    private static bool Has(JsonObject rule, string list, string value) => Values(rule, list).Any(item => item == "*" || item == value);

    private static IEnumerable<string> Values(JsonObject rule, string list) => (rule[list] as JsonArray ?? []).Select(item => (string?)item ?? "");
}

/// <summary>What somebody wants to do.</summary>
internal sealed record AccessAttributes(string Verb, string Group, string Resource, string? Subresource, string? Namespace, string? Name, string? Path = null);
