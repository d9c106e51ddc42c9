using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Cmdlets.Storage;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Base of the cmdlets that go on with operations or take them back.</summary>
public abstract class OperationCmdlet : HostCmdlet
{
    /// <summary>Id of the operation.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OperationCompleter))]
    [PSDefaultValue(Help = "the newest that is not done")]
    public string? Id { get; set; }

    /// <summary>The working copy, or a folder in it; or the address of a remote.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    /// <summary>Seconds that each step may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = FailoverOptions.UsualSeconds;

    private protected OperationStore Store { get; } = OperationStore.ForUser();

    /// <summary>Acts on one operation.</summary>
    private protected abstract void Act(OperationRecord record, FailoverOptions options);

    private protected override void Process()
    {
        var id = ParameterSetName == ByName ? Id : (Piped.Unwrap(InputObject) as HomelabOperation)?.Id ?? (Piped.Unwrap(InputObject) as FailoverResult)?.Id;
        if (ParameterSetName != ByName && string.IsNullOrEmpty(id))
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, "operations"));
            return;
        }

        try
        {
            var record = OperationQuery.Find(Store, id);
            var (client, config) = (FindClient(), Config());
            if (!OperationQuery.IsOf(record, OperationQuery.ServerOf(client), Await(stop => OperationQuery.IdentityOfAsync(client, stop))))
            {
                throw Core.Errors.OperationNotResumable(record.Id, Core.Errors.Text("Detail_ResumeCluster", record.Cluster));
            }

            Act(record, Options(client, config));
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            WriteFailure(error);
        }
    }

    private FailoverOptions Options(ClusterClient client, HomelabConfig config)
    {
        var location = RepositoryFolder.Locate(Repository, FullPath, client, config, WorkingFolder);
        return new()
        {
            Client = client,
            Config = config,
            Repository = location,
            Journal = ChangeJournal.ForUser(),
            Patterns = ChartValues.Of(location.Folder, WorkingFolder),
            Probe = Probe with { Timeout = FailoverOptions.LookTime },
            Login = Login,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        };
    }
}
