using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Completion;

/// <summary>Completes ids of operations.</summary>
internal sealed class OperationCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Completions.Of(OperationStore.ForUser().Read(_ => { }).Select(record => record.Id), wordToComplete);
        }
        catch (HomelabException)
        {
            // Completion never fails.
            return [];
        }
    }
}
