using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Volumes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Tells whether claims are bound to something that their pods can use, and if not, why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PvcBinding", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-PvcBinding.md")]
[OutputType(typeof(PvcBindingStatus))]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("create,delete,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class TestPvcBindingCommand : VolumeCmdlet
{
    /// <summary>Looks on the nodes, with a short-lived pod each, whether the folders of the volumes are there.</summary>
    [Parameter]
    public SwitchParameter CheckPath { get; set; }

    /// <summary>Image with a shell, for these pods.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "one that the node has")]
    public string? Image { get; set; }

    /// <summary>Namespace of these pods.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [PSDefaultValue(Help = ProbeOptions.UsualNamespace)]
    public string ProbeNamespace { get; set; } = ProbeOptions.UsualNamespace;

    private protected override void End() => Drain(new VolumeQuery { Probe = CheckPath ? new ProbeOptions { Namespace = ProbeNamespace, Image = Image } : null }, BindingReader.ReadAsync);
}
