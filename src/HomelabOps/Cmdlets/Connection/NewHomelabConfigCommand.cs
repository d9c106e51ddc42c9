using System.Management.Automation;
using HomelabOps.Core.Topology;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Discovers the topology and writes homelab.yaml.</summary>
[Cmdlet(VerbsCommon.New, "HomelabConfig", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-HomelabConfig.md")]
[OutputType(typeof(HomelabConfig))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "namespaces")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "metallb.io", "ipaddresspools")]
public sealed class NewHomelabConfigCommand : ClusterCmdlet
{
    /// <summary>The file, or the folder to put homelab.yaml into.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replaces an existing file and keeps what only a person knows.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void End()
    {
        var client = FindClient();

        // The repository of the session is that of its own cluster, not of another one named by -Context.
        var repository = Session.Default is { } session && ReferenceEquals(session.Client, client) ? session.Connection.Repository : null;
        var path = HomelabConfigFile.PlaceForNew(FullPath(Path), repository);
        if (!Force)
        {
            HomelabConfigFile.RefuseExisting(path);
        }

        var written = HomelabConfigFile.ReadIfExists(path);
        HomelabConfig? found = null;
        Drain(token => TopologyDiscovery.DiscoverAsync(client, repository, written, token), config => found = config);
        if (found is not null && ShouldProcess(Messages.WriteFile(path, HomelabConfigFile.Text(found, path)), Messages.WriteFileQuestion(path), Messages.Confirm))
        {
            WriteObject(HomelabConfigFile.Write(found, path, Force));
        }
    }
}
