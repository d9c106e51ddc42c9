using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.MetalLB;

/// <summary>What roles give a ServiceAccount within its namespace.</summary>
/// <param name="rules">All rules that it has there.</param>
internal sealed class AccountRights(IReadOnlyList<AccessRuleWire> rules)
{
    /// <summary>The rules that bindings lead to.</summary>
    /// <param name="space">Namespace of the account.</param>
    /// <param name="account">Its name.</param>
    /// <param name="bindings">The RoleBindings of the namespace, and all ClusterRoleBindings.</param>
    /// <param name="roles">The Roles of the namespace, and all ClusterRoles.</param>
    public static AccountRights Of(string space, string account, IEnumerable<RoleBindingWire> bindings, IReadOnlyCollection<RoleWire> roles) => new(
    [
        .. bindings.Where(binding => binding.Subjects?.Exists(subject => Includes(subject, space, account)) == true)
            .SelectMany(binding => roles.Where(role => role.Metadata.Name == binding.RoleRef?.Name && string.IsNullOrEmpty(role.Metadata.Namespace) == (binding.RoleRef.Kind == "ClusterRole")))
            .SelectMany(role => role.Rules ?? []),
    ]);

    /// <summary>The verbs of a list that it may not use.</summary>
    /// <param name="group">Group of the objects; empty for the core group.</param>
    /// <param name="resource">Plural of the objects.</param>
    /// <param name="name">The object.</param>
    /// <param name="verbs">Verbs.</param>
    public IReadOnlyList<string> Lacks(string group, string resource, string name, IReadOnlyList<string> verbs) =>
        [.. verbs.Where(verb => !rules.Any(rule => Has(rule.ApiGroups, group) && Has(rule.Resources, resource) && Has(rule.Verbs, verb) && (rule.ResourceNames is null or { Count: 0 } || rule.ResourceNames.Contains(name))))];

    private static bool Has(List<string>? list, string value) => list is not null && (list.Contains(value) || list.Contains("*"));

    private static bool Includes(AccessSubjectWire subject, string space, string account) => subject.Kind switch
    {
        "ServiceAccount" => subject.Name == account && subject.Namespace == space,
        "User" => subject.Name == $"system:serviceaccount:{space}:{account}",
        "Group" => subject.Name is "system:authenticated" or "system:serviceaccounts" || subject.Name == $"system:serviceaccounts:{space}",
        _ => false,
    };
}
