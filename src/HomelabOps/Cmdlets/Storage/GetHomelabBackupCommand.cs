using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Gives the backups of a folder of this machine, and those that the cluster has.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabBackup", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabBackup.md")]
[OutputType(typeof(HomelabBackup))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "volsync.backube", "replicationsources")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "", "endpoints,persistentvolumeclaims,services")]
[RequiresAccess("list", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "apps", "daemonsets,deployments,statefulsets")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations")]
public sealed class GetHomelabBackupCommand : ProbeCmdlet
{
    /// <summary>Names of applications, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AppCompleter))]
    [SupportsWildcards]
    [AppNames]
    public string[] App { get; set; } = [];

    /// <summary>Folder with the archives.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "the current folder")]
    public string? Path { get; set; }

    /// <summary>Kinds of backups.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "Archive, for which no cluster is needed")]
    public BackupKind[] Kind { get; set; } = [BackupKind.Archive];

    /// <summary>Archives are read from beginning to end, and held against the checksum beside them.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Seconds that measuring a node's folders may take.</summary>
    [Parameter]
    [ValidateRange(3, 86400)]
    public int ProbeTimeoutSeconds { get; set; } = 600;

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            Collect(_ => PipedApp.Read(InputObject), "applications");
        }
    }

    private protected override void End()
    {
        var found = new List<HomelabBackup>();
        if (ParameterSetName == ByName)
        {
            Read(null, App, found);
            return;
        }

        foreach (var (client, names) in CollectedByCluster())
        {
            Read(client, [.. names.Select(name => name.Name).Distinct(StringComparer.OrdinalIgnoreCase)], found);
        }
    }

    private void Read(ClusterClient? client, IReadOnlyList<string> apps, List<HomelabBackup> found)
    {
        var folder = FullPath(Path) ?? WorkingFolder;
        foreach (var backup in Kind.Contains(BackupKind.Archive) ? BackupFolder.Read(folder, apps) : [])
        {
            Take(Verify ? Await(stop => BackupFolder.VerifyAsync(backup, stop)) : backup);
        }

        if (Kind.Any(kind => kind != BackupKind.Archive))
        {
            var cluster = client ?? FindClient();
            var query = new BackupQuery { Apps = apps, Kinds = Kind, Config = Config(), Probe = Probe with { Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) } };
            Drain(stop => BackupReader.ReadAsync(cluster, query, stop), Take);
        }

        foreach (var app in apps.Where(app => !ResourcePattern.HasWildcard(app) && !found.Any(backup => ResourcePattern.Matches(app, backup.App))))
        {
            WriteFailure(Core.Errors.BackupNotFound(app, Kind.Contains(BackupKind.Archive) ? folder : ""));
        }

        void Take(HomelabBackup backup)
        {
            found.Add(backup);
            WriteObject(backup);
        }
    }
}
