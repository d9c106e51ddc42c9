using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that look at nodes through short-lived pods.</summary>
public abstract class ProbeCmdlet : RecordCmdlet
{
    /// <summary>Image with a shell.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "one that the node has")]
    public string? Image { get; set; }

    /// <summary>Namespace of the pods that look at the nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [PSDefaultValue(Help = ProbeOptions.UsualNamespace)]
    public string ProbeNamespace { get; set; } = ProbeOptions.UsualNamespace;

    /// <summary>How the pods are made.</summary>
    private protected ProbeOptions Probe => new() { Namespace = ProbeNamespace, Image = Image };
}
