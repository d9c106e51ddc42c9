using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Copies the data of applications from their nodes into archives on this machine.</summary>
[Cmdlet(VerbsData.Backup, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Backup-HomelabApp.md")]
[OutputType(typeof(HomelabBackup))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "batch", "cronjobs")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class BackupHomelabAppCommand : AppDataCmdlet
{
    /// <summary>Folder that gets the archives.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "the current folder")]
    public string? Path { get; set; }

    /// <summary>The applications run on meanwhile.</summary>
    [Parameter]
    public SwitchParameter Hot { get; set; }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        var backup = new BackupOptions { Folder = FullPath(Path) ?? WorkingFolder, Hot = Hot, App = options, Probe = Probe, Tell = TellHost() };
        ForEach(apps, app =>
        {
            AppBackup.Check(backup);
            var data = Await(stop => AppData.FindAsync(client, app, options.Config, stop));
            if (ShouldProcess(Messages.AppBackup(data, backup), Messages.AppBackupQuestion(app), Messages.Confirm))
            {
                Drain(stop => AppBackup.RunAsync(client, data, backup, Journal, stop));
            }
        });
    }
}
