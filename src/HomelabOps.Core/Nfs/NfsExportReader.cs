using System.Runtime.CompilerServices;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Nfs;

/// <summary>Asks NFS servers what they export, without mounting anything.</summary>
public static class NfsExportReader
{
    /// <summary>Gives the exports of each server, or what is wrong with it; all servers are asked at the same time.</summary>
    /// <param name="query">Which servers and exports.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">NfsServerInvalid, NfsPathNotAbsolute.</exception>
    public static async IAsyncEnumerable<Streamed<NfsExportStatus>> ReadAsync(NfsExportQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Exports.FirstOrDefault(path => !path.StartsWith('/')) is { } relative)
        {
            throw Errors.NfsPathNotAbsolute(relative);
        }

        var sources = query.Servers.Select(text => NfsSource.Parse(text) ?? throw Errors.NfsServerInvalid(text)).Distinct().ToList();
        var asked = sources.GroupBy(source => source.Server, StringComparer.OrdinalIgnoreCase)
            .Select(group => ReadServerAsync(group.Key, [.. group.Select(source => source.Export).OfType<string>().Concat(query.Exports).Select(Trimmed).Distinct(StringComparer.Ordinal)], query, cancellationToken)).ToList();
        foreach (var server in asked)
        {
            foreach (var status in await server)
            {
                yield return status;
            }
        }
    }

    private static async Task<IReadOnlyList<NfsExportStatus>> ReadServerAsync(string name, string[] wanted, NfsExportQuery query, CancellationToken cancellationToken)
    {
        var server = await NfsServer.AskAsync(name, query, cancellationToken);
        if (server.Trouble is { } trouble)
        {
            return [.. wanted.DefaultIfEmpty("").Select(path => new NfsExportStatus { Server = name, Export = path, Clients = ClientsOf(server, path), Message = Errors.Text("NfsUnreachable", name, trouble) })];
        }

        var paths = wanted.Length > 0 ? wanted : server.Exports is { Count: > 0 } exports ? [.. exports.Select(export => export.Path)] : [""];
        return await Task.WhenAll(paths.Select(async path =>
        {
            var (exported, message) = await JudgeAsync(server, path, cancellationToken);
            return new NfsExportStatus
            {
                Server = name,
                Export = path,
                Reachable = true,
                Exported = exported,
                Versions = server.Versions,
                Clients = ClientsOf(server, path),
                Latency = server.Latency,
                Message = message,
            };
        }));
    }

    private static IReadOnlyList<string> ClientsOf(NfsServer server, string path) => server.Exports?.FirstOrDefault(export => Trimmed(export.Path) == path)?.Clients ?? [];

    // With a list the list decides, and a folder below an export can be mounted as well; without one the server is asked for the path.
    private static async Task<(bool? Exported, string Message)> JudgeAsync(NfsServer server, string path, CancellationToken cancellationToken)
    {
        if (path.Length > 0 && server.Exports?.Any(export => IsWithin(path, Trimmed(export.Path))) == true)
        {
            return (true, "");
        }

        return (path.Length > 0 ? await server.HasPathAsync(path, cancellationToken) : null, server.Exports) switch
        {
            (true, _) => (true, ""),
            (null, null) => (null, Errors.Text("NfsExportsUnknown", server.ExportTrouble)),
            _ when path.Length == 0 => (false, Errors.Text("NfsExportsNone")),
            _ => (false, Errors.Text("NfsExportMissing", path, Known(server))),
        };
    }

    private static string Known(NfsServer server) => server.Exports is { Count: > 0 } exports ? string.Join(", ", exports.Select(export => export.Path)) : Errors.Text("Detail_NoExport");

    private static bool IsWithin(string path, string export) => export == "/" || path == export || path.StartsWith(export + "/", StringComparison.Ordinal);

    private static string Trimmed(string path) => path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path;
}
