using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Completion;

/// <summary>
/// Base of the completers that ask the cluster. They have little time, remember what they got for a few seconds, and never
/// fail: whoever presses Tab gets names or nothing.
/// </summary>
internal abstract class ClusterCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<string, (DateTime Time, IReadOnlyList<string> Names)> Memory = new(StringComparer.Ordinal);

    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var contexts = fakeBoundParameters["Context"] is { } context ? LanguagePrimitives.ConvertTo<string[]>(context) : [];
            var client = Clients.ForCmdlet(EnginePaths.FullPath(fakeBoundParameters["KubeConfig"]), contexts, ofRecord: false, EnginePaths.Environment)[0].Client;
            if (client is null || !client.Endpoint.Credentials.IsAtHand)
            {
                // A key must not start a login.
                return [];
            }

            var scope = Scope(commandName, wordToComplete.Trim('\'', '"'), fakeBoundParameters);
            return Completions.Of(Names($"{GetType().Name}\n{client.Name}\n{client.Endpoint.Server}\n{scope}", client, scope), wordToComplete);
        }
        catch (Exception error) when (error is HomelabException or AggregateException or OperationCanceledException or PSInvalidCastException or RuntimeException)
        {
            return [];
        }
    }

    /// <summary>What the names depend on besides cluster and namespace.</summary>
    protected virtual CompletionScope Scope(string command, string word, IDictionary bound) => new("", bound["Namespace"]?.ToString());

    protected abstract Task<IReadOnlyList<string>> ReadAsync(ClusterClient client, CompletionScope scope, CancellationToken cancellationToken);

    private IReadOnlyList<string> Names(string key, ClusterClient client, CompletionScope scope)
    {
        if (Memory.TryGetValue(key, out var known) && DateTime.UtcNow - known.Time < Remembered)
        {
            return known.Names;
        }

        using var limit = new CancellationTokenSource(Limit);
        // Remembered before it is known, so that a server which does not answer costs the time only once.
        Memory[key] = (DateTime.UtcNow, []);
        var reading = Task.Run(() => ReadAsync(client, scope, limit.Token), limit.Token);
        reading.Wait(limit.Token);
        Memory[key] = (DateTime.UtcNow, reading.Result);
        return reading.Result;
    }
}
