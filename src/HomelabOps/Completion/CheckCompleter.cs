using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core.Scheduling;

namespace HomelabOps.Completion;

/// <summary>Completes names of checks.</summary>
internal sealed class CheckCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Completions.Of(CheckStore.ForUser().Names().ToList(), wordToComplete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Completion never fails.
            return [];
        }
    }
}
