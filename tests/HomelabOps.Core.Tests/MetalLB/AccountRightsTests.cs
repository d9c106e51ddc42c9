using HomelabOps.Core.MetalLB;
using HomelabOps.Core.MetalLB.Wire;

namespace HomelabOps.Core.Tests.MetalLB;

/// <summary>What roles and bindings give the controller.</summary>
public sealed class AccountRightsTests
{
    [Theory]
    [InlineData("ServiceAccount", "controller", "metallb-system", "")]
    [InlineData("Group", "system:serviceaccounts:metallb-system", null, "")]
    [InlineData("Group", "system:authenticated", null, "")]
    [InlineData("User", "system:serviceaccount:metallb-system:controller", null, "")]
    [InlineData("ServiceAccount", "controller", "other", "list,update")]
    [InlineData("ServiceAccount", "speaker", "metallb-system", "list,update")]
    public void A_binding_counts_for_whom_it_names(string kind, string name, string? space, string lacks) =>
        Assert.Equal(lacks, Lacks(Binding("Role", kind, name, space), Role("metallb-system", ["list", "update"])));

    [Theory]
    [InlineData("Role", "", "list,update")]
    [InlineData("ClusterRole", "metallb-system", "list,update")]
    [InlineData("ClusterRole", "", "")]
    public void A_role_is_of_the_namespace_or_of_the_cluster(string kind, string space, string lacks) =>
        Assert.Equal(lacks, Lacks(Binding(kind, "ServiceAccount", "controller", "metallb-system"), Role(space, ["*"])));

    [Theory]
    [InlineData("list", "metallb-webhook-cert", "update")]
    [InlineData("*", "other", "list,update")]
    public void Verbs_and_names_are_what_the_rule_says(string verb, string name, string lacks)
    {
        var role = Role("metallb-system", [verb]);
        role.Rules![0].ResourceNames = [name];
        Assert.Equal(lacks, Lacks(Binding("Role", "ServiceAccount", "controller", "metallb-system"), role));
    }

    private static string Lacks(RoleBindingWire binding, RoleWire role) =>
        string.Join(',', AccountRights.Of("metallb-system", "controller", [binding], [role]).Lacks("", "secrets", "metallb-webhook-cert", ["list", "update"]));

    private static RoleBindingWire Binding(string role, string kind, string name, string? space) =>
        new() { RoleRef = new() { Kind = role, Name = "it" }, Subjects = [new() { Kind = kind, Name = name, Namespace = space }] };

    private static RoleWire Role(string space, List<string> verbs) =>
        new() { Metadata = new() { Name = "it", Namespace = space }, Rules = [new() { ApiGroups = [""], Resources = ["secrets"], Verbs = verbs }] };
}
