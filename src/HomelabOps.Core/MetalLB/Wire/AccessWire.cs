using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.MetalLB.Wire;

/// <summary>A Role or ClusterRole.</summary>
internal sealed class RoleWire : ObjectWire
{
    public List<AccessRuleWire>? Rules { get; set; }
}

internal sealed class AccessRuleWire
{
    public List<string>? ApiGroups { get; set; }

    public List<string>? Resources { get; set; }

    public List<string>? ResourceNames { get; set; }

    public List<string>? Verbs { get; set; }
}

/// <summary>A RoleBinding or ClusterRoleBinding.</summary>
internal sealed class RoleBindingWire : ObjectWire
{
    public RoleReferenceWire? RoleRef { get; set; }

    public List<AccessSubjectWire>? Subjects { get; set; }
}

internal sealed class RoleReferenceWire
{
    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";
}

internal sealed class AccessSubjectWire
{
    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Namespace { get; set; }
}
