using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.MetalLB;

/// <summary>The types that MetalLB's webhook is made of.</summary>
internal static class MetalLBTypes
{
    /// <summary>The group of MetalLB's own kinds.</summary>
    public const string Group = "metallb.io";

    public static ResourceType Deployment { get; } = new("apps", "v1", "deployments", "Deployment", true);

    public static ResourceType Secret { get; } = new("", "v1", "secrets", "Secret", true);

    public static ResourceType Service { get; } = new("", "v1", "services", "Service", true);

    public static ResourceType WebhookConfiguration { get; } =
        new("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false);

    public static ResourceType Role { get; } = new("rbac.authorization.k8s.io", "v1", "roles", "Role", true);

    public static ResourceType RoleBinding { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

    public static ResourceType ClusterRole { get; } = new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);

    public static ResourceType ClusterRoleBinding { get; } = new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);

    /// <summary>The type of an object that says where the webhook is called.</summary>
    public static ResourceType OfCaller(ResourceReference item) => item.Kind == WebhookConfiguration.Kind ? WebhookConfiguration : ResourceType.CustomResourceDefinition;
}
