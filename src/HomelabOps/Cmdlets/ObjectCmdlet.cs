using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that read objects of namespaces by name.</summary>
public abstract class ObjectCmdlet : NamespacedCmdlet
{
    /// <summary>Names of objects: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Label selector.</summary>
    [Parameter]
    [Alias("l")]
    public string? Selector { get; set; }

    private protected ObjectQuery Objects => new() { Names = Name, Namespaces = Namespaces, Selector = Selector };
}
