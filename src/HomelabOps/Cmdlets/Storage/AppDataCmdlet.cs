using System.Management.Automation;
using HomelabOps.Cmdlets.Applications;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Base of the cmdlets that copy the data of applications from their nodes and back.</summary>
public abstract class AppDataCmdlet : AppChangeCmdlet
{
    /// <summary>Image with a shell and tar.</summary>
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

    /// <summary>Seconds that copying the data of one application may take.</summary>
    [Parameter]
    [ValidateRange(3, 86400)]
    public int ProbeTimeoutSeconds { get; set; } = 3600;

    private protected ProbeOptions Probe => new() { Namespace = ProbeNamespace, Image = Image, Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) };
}
