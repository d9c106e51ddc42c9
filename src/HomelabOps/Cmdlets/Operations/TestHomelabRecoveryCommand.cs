using System.Management.Automation;
using HomelabOps.Core;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Recovery;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Says what of a cluster Git would not bring back.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HomelabRecovery", HelpUri = HelpPages.Root + "Test-HomelabRecovery.md")]
[OutputType(typeof(RecoveryReadiness))]
[RequiresAccess("list", "*", "*")]
[RequiresAccess("get", "", "secrets")]
public sealed class TestHomelabRecoveryCommand : RepositoryCmdlet
{
    private protected override void End()
    {
        var config = Config();
        DrainClusters<RecoveryReadiness>((client, stop) => RecoveryTester.RunAsync(client, config, Locate(client, config), stop));
    }

    // Without a repository the rest can be told all the same.
    private RepositoryLocation? Locate(ClusterClient client, HomelabConfig config)
    {
        try
        {
            return RepositoryFolder.Locate(Repository, FullPath, client, config, WorkingFolder);
        }
        catch (HomelabException error) when (error.Id == nameof(Core.Errors.RepositoryRequired))
        {
            return null;
        }
    }
}
