namespace HomelabOps.Core;

/// <summary>Errors of MetalLB's webhook and its certificate.</summary>
internal static partial class Errors
{
    /// <summary>A Secret cannot be empty and hold a certificate.</summary>
    public static HomelabException CertificateChoice() => Make(nameof(CertificateChoice), ErrorKind.InvalidArgument, null);

    /// <summary>There is no controller that could say what it wants.</summary>
    public static HomelabException MetalLBNotFound(string cluster, string space) => new(
        nameof(MetalLBNotFound), ErrorKind.ObjectNotFound, Text(nameof(MetalLBNotFound), cluster, space), space);

    /// <summary>What Git says of the Secret, or what cert-manager issues, comes back whatever is put in its place.</summary>
    public static HomelabException MetalLBSecretOwned(ResourceReference secret, ResourceReference owner) => new(
        nameof(MetalLBSecretOwned), ErrorKind.InvalidOperation, Text(owner.Kind == "Certificate" ? nameof(MetalLBSecretOwned) + "_Certificate" : nameof(MetalLBSecretOwned), secret, owner), secret);

    /// <summary>The Secret is there and will not do, and nothing says that it may be replaced.</summary>
    public static HomelabException MetalLBSecretUnfit(ResourceReference secret, string detail) => new(
        nameof(MetalLBSecretUnfit), ErrorKind.ResourceExists, Text(nameof(MetalLBSecretUnfit), secret, detail), secret);

    /// <summary>The webhook cannot be switched off: something needs it, or the controller would not start.</summary>
    public static HomelabException WebhookNeeded(ResourceReference controller) => new(
        nameof(WebhookNeeded), ErrorKind.InvalidOperation, Text(nameof(WebhookNeeded), controller), controller);

    /// <summary>What says how the controller runs cannot be edited in the repository, so that a person has to.</summary>
    public static HomelabException WebhookNotInGit(ResourceReference controller, string detail) => new(
        nameof(WebhookNotInGit), ErrorKind.InvalidOperation, Text(nameof(WebhookNotInGit), controller, detail), controller);

    /// <summary>Nothing can be made in a namespace that is being deleted.</summary>
    public static HomelabException NamespaceTerminating(string cluster, string space) => new(
        nameof(NamespaceTerminating), ErrorKind.ResourceUnavailable, Text(nameof(NamespaceTerminating), cluster, space), space);
}
