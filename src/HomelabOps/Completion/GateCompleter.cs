using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core.Operations.Gates;

namespace HomelabOps.Completion;

/// <summary>Completes names of the gates of a failover.</summary>
internal sealed class GateCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(FailoverGates.Names, wordToComplete);
}
