using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Operations;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Shows the operations that were begun on this machine, and how far they came.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabOperation", HelpUri = HelpPages.Root + "Get-HomelabOperation.md")]
[OutputType(typeof(HomelabOperation))]
[RequiresAccess("", "", "")]
public sealed class GetHomelabOperationCommand : HomelabCmdlet
{
    /// <summary>Ids of operations, with wildcards.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OperationCompleter))]
    [SupportsWildcards]
    public string[] Id { get; set; } = [];

    private protected override void End()
    {
        var (store, broken) = (OperationStore.ForUser(), new List<HomelabException>());
        foreach (var operation in Await(stop => OperationQuery.ReadAsync(store, Id, broken.Add, stop)))
        {
            WriteObject(operation);
        }

        broken.ForEach(WriteFailure);
        foreach (var missing in Id.Where(id => !ResourcePattern.HasWildcard(id) && !store.Read(_ => { }).Any(record => record.Id == id)))
        {
            WriteFailure(Core.Errors.OperationNotFound(missing, [.. store.Read(_ => { }).Take(5).Select(record => record.Id)]));
        }
    }
}
