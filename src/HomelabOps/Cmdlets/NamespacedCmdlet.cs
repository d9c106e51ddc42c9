using System.Management.Automation;
using HomelabOps.Completion;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that read what lives in namespaces.</summary>
public abstract class NamespacedCmdlet : RecordCmdlet
{
    /// <summary>Namespaces, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Ns")]
    [ValidateNotNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

    /// <summary>The namespaces that were asked for. A cluster-scoped record that comes by pipe has an empty one, which asks for nothing.</summary>
    private protected IReadOnlyList<string> Namespaces => [.. Namespace.Where(name => name.Length > 0)];
}
