using System.Management.Automation;
using HomelabOps.Cmdlets.Storage;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Base of the cmdlets that move applications between nodes.</summary>
public abstract class FailoverCmdlet : AppDataCmdlet
{
    /// <summary>The working copy, or a folder in it; or the address of a remote.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>The node that the applications leave. Without names: all that run there, or have their data there while they do not run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [PSDefaultValue(Help = "the node that each is on")]
    public string? From { get; set; }

    /// <summary>The node that they come to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [PSDefaultValue(Help = "the backup node of homelab.yaml, or to bring them home the primary node")]
    public string? To { get; set; }

    private protected override void End()
    {
        if (ParameterSetName == ByName && Name.Length == 0 && From is not null)
        {
            Name = [new ResourcePattern("*")];
        }

        base.End();
    }

    /// <summary>What the applications are moved with.</summary>
    private protected FailoverOptions Options(ClusterClient client, HomelabConfig config, SshLogin? login = null)
    {
        var location = RepositoryFolder.Locate(Repository, FullPath, client, config, WorkingFolder);
        return new()
        {
            Client = client,
            Config = config,
            Repository = location,
            Journal = Journal,
            Patterns = ChartValues.Of(location.Folder, WorkingFolder),
            Probe = Probe with { Timeout = FailoverOptions.LookTime },
            Login = login ?? new(),
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            CopyTimeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds),
        };
    }

    /// <summary>Those of applications that a node is meant for, where it was named. A name that is no node is an error, and one with nothing to move a warning.</summary>
    private protected IReadOnlyList<HomelabApp> Chosen(ClusterClient client, IReadOnlyList<HomelabApp> apps, HomelabConfig config)
    {
        Await(async stop =>
        {
            await NodeNames.CheckAsync(client, config, apps, From, To, stop);
            return true;
        });
        if (From is null || Name is not [{ IsWildcard: true }])
        {
            return apps;
        }

        List<HomelabApp> chosen = [.. apps.Where(app => app.Volumes.Any(volume => volume.Node.Length > 0) && (app.Node == From || (app.Node.Length == 0 && app.HomeNode == From)))];
        if (chosen.Count == 0)
        {
            WriteWarning(Core.Errors.Text("FailoverNothing", From));
        }

        return chosen;
    }
}
