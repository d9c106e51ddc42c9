using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Puts the data of applications back from backups.</summary>
[Cmdlet(VerbsData.Restore, "HomelabApp", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restore-HomelabApp.md")]
[OutputType(typeof(HomelabRestore))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("get,list,patch", "batch", "cronjobs")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("create,delete,get,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get,create", "", "pods/proxy")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list,watch,patch,create,delete", "volsync.backube", "replicationdestinations")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,persistentvolumeclaims,persistentvolumes")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
public sealed class RestoreHomelabAppCommand : AppDataCmdlet
{
    private readonly List<HomelabBackup> _piped = [];
    private object? _from;

    /// <summary>An archive of this machine, a ReplicationSource with a restic repository, or what Get-HomelabBackup gives.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public object? From { get; set; }

    /// <summary>Of a repository: the newest snapshot that is not younger than this.</summary>
    [Parameter]
    [PSDefaultValue(Help = "the newest of all")]
    public DateTime? AsOf { get; set; }

    /// <summary>Of a repository: how many snapshots before that one.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Previous { get; set; }

    private protected override void Process()
    {
        if (Piped.Unwrap(InputObject) is HomelabBackup backup)
        {
            _piped.Add(backup);
        }
        else
        {
            base.Process();
        }
    }

    private protected override void End()
    {
        _from = Piped.Unwrap(From);
        if (_from is null && _piped.Count == 0)
        {
            throw Core.Errors.BackupRequired();
        }

        foreach (var backups in _piped.GroupBy(backup => (Cluster: ClusterOf(backup.Cluster), backup.Namespace, backup.App)))
        {
            // Each would undo the one before it.
            if (backups.Skip(1).Any())
            {
                WriteFailure(Core.Errors.BackupAmbiguous(backups.Key.App, string.Join(", ", backups)));
                continue;
            }

            var pattern = new ResourcePattern(backups.Key.Namespace.Length > 0 ? $"{backups.Key.Namespace}/{backups.Key.App}" : backups.Key.App);
            foreach (var client in ClientsOf(backups.Key.Cluster))
            {
                _from = backups.Single();
                ActIn(client, [pattern], NamespacesOf([pattern]));
            }
        }

        _from = Piped.Unwrap(From);
        if (_from is not null)
        {
            base.End();
        }
    }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        var restore = new RestoreOptions { App = options, Probe = Probe with { Writable = true }, AsOf = AsOf, Previous = Previous, Tell = TellHost() };
        ForEach(apps, app =>
        {
            var data = Await(stop => AppData.FindAsync(client, app, options.Config, stop));
            var from = _from as HomelabBackup ?? BackupNames.Read(_from!.ToString()!, path => FullPath(path)!);
            var source = Await(stop => RestoreSources.OpenAsync(client, data, from, restore, Journal, stop));
            if (source is ArchiveSource { IsSealed: false })
            {
                WriteWarning(Messages.BackupUnsealed(source.Path));
            }

            if (ShouldProcess(Messages.AppRestore(data, source), Messages.AppRestoreQuestion(app, source), Messages.Confirm))
            {
                Drain(stop => new AppRestore(client, data, source, restore, Journal).RunAsync(stop));
            }
        });
    }
}
