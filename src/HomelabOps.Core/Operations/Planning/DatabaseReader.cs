using HomelabOps.Core.Databases;

namespace HomelabOps.Core.Operations.Planning;

/// <summary>Looks at the databases of the copies, all targets at the same time.</summary>
internal static class DatabaseReader
{
    /// <summary>What was found on each target, or why nobody could look. Of a way home nothing: what is there is replaced.</summary>
    public static async Task<IReadOnlyDictionary<string, (IReadOnlyList<DatabaseVerdict>? Found, HomelabException? Unlooked)>> ReadAsync(FailoverOptions options, IReadOnlyList<FailoverCase> cases, OperationKind kind, CancellationToken cancellationToken)
    {
        if (kind == OperationKind.Failback)
        {
            return new Dictionary<string, (IReadOnlyList<DatabaseVerdict>?, HomelabException?)>();
        }

        var looks = cases.Where(item => item.Paths.Any()).GroupBy(item => item.To, StringComparer.Ordinal).Select(async target =>
        {
            try
            {
                return (Node: target.Key, Result: (Found: await CheckAsync(options, target.Key, [.. target.SelectMany(item => item.Paths).Distinct(StringComparer.Ordinal)], cancellationToken), Unlooked: (HomelabException?)null));
            }
            catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
            {
                return (Node: target.Key, Result: (Found: (IReadOnlyList<DatabaseVerdict>?)null, Unlooked: error));
            }
        });
        return (await Task.WhenAll(looks)).ToDictionary(look => look.Node, look => look.Result, StringComparer.Ordinal);
    }

    /// <summary>Checks the databases in folders of a node, for as long as copying them may take.</summary>
    public static Task<IReadOnlyList<DatabaseVerdict>> CheckAsync(FailoverOptions options, string node, IReadOnlyList<string> folders, CancellationToken cancellationToken) =>
        DatabaseChecker.RunAsync(options.Client, node, folders, options.Probe with { Timeout = options.CopyTimeout }, cancellationToken);
}
