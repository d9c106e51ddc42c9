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

    private IReadOnlyList<string> _typed = [];

    private protected override void Begin()
    {
        base.Begin();

        // Records that come by pipe bring namespaces of their own.
        _typed = Namespaces;
    }

    /// <summary>The namespaces that names of the pipe are searched in: those of the command line, and of references their own.</summary>
    private protected IReadOnlyList<string> NamespacesOf(IReadOnlyList<ResourcePattern> names) => names.All(name => name.Cluster is null) ? _typed : [];

    /// <summary>The namespaces that were asked for. A cluster-scoped record that comes by pipe has an empty one, which asks for nothing.</summary>
    private protected IReadOnlyList<string> Namespaces => [.. Namespace.Where(name => name.Length > 0)];
}
