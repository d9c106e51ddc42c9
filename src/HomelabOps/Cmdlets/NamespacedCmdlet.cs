using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that read objects of namespaces.</summary>
public abstract class NamespacedCmdlet : ObjectCmdlet
{
    /// <summary>Namespaces, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Ns")]
    [ValidateNotNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

    /// <summary>Label selector.</summary>
    [Parameter]
    [Alias("l")]
    public string? Selector { get; set; }

    // A cluster-scoped record that comes by pipe has an empty namespace, which asks for nothing.
    private protected override ObjectQuery Objects => new() { Names = Name, Namespaces = [.. Namespace.Where(name => name.Length > 0)], Selector = Selector };
}
