using System.Diagnostics;
using System.Globalization;
using HomelabOps.Core.Nfs.Rpc;

namespace HomelabOps.Core.Nfs;

/// <summary>The NFS server itself: which versions it speaks, and for version 4 whether a path is there.</summary>
internal static class NfsProgram
{
    public const uint Program = 100003;

    private const uint Compound = 1;
    private const uint PutRootHandle = 24;
    private const uint Lookup = 15;
    private const uint Ok = 0;
    private const int NoEntry = 2;
    private const int NotFolder = 20;
    private const uint NewestMinor = 2;

    /// <summary>Calls the procedure that does nothing, of version 3 and of version 4.</summary>
    /// <returns>The versions, such as 3, 4.0 and 4.2, and the time of the first answer.</returns>
    /// <exception cref="RpcException">It speaks neither.</exception>
    public static async Task<(IReadOnlyList<string> Versions, TimeSpan Latency)> VersionsAsync(RpcConnection connection, CancellationToken cancellationToken)
    {
        var (versions, latency, refusal) = (new List<string>(), (TimeSpan?)null, (RpcException?)null);
        foreach (var version in new uint[] { 3, 4 })
        {
            var clock = Stopwatch.StartNew();
            try
            {
                await connection.CallAsync(Program, version, 0, null, cancellationToken);
                latency ??= clock.Elapsed;
                versions.AddRange(version == 4 ? await MinorsAsync(connection, cancellationToken) : ["3"]);
            }
            catch (RpcException error) when (error.Failure is RpcFailure.Unavailable or RpcFailure.Refused)
            {
                refusal = error;
            }
        }

        return versions.Count > 0 ? (versions, latency!.Value) : throw refusal!;
    }

    /// <summary>Whether a path is there for a client of version 4.0; null where the server does not tell a stranger.</summary>
    public static async Task<bool?> HasPathAsync(RpcConnection connection, string path, CancellationToken cancellationToken)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var request = new XdrWriter().Write("").Write(0).Write((uint)names.Length + 1).Write(PutRootHandle);
        Array.ForEach(names, name => request.Write(Lookup).Write(name));
        try
        {
            var answer = await connection.CallAsync(Program, 4, Compound, request, cancellationToken, asUser: true);
            return answer.UInt32() switch
            {
                Ok => true,
                NoEntry or NotFolder => false,
                _ => null,
            };
        }
        catch (RpcException error) when (error.Failure is RpcFailure.Unavailable or RpcFailure.Refused)
        {
            return null;
        }
    }

    // A compound of nothing succeeds for each minor version that the server has.
    private static async Task<IEnumerable<string>> MinorsAsync(RpcConnection connection, CancellationToken cancellationToken)
    {
        var minors = new List<string>();
        for (uint minor = 0; minor <= NewestMinor; minor++)
        {
            try
            {
                var answer = await connection.CallAsync(Program, 4, Compound, new XdrWriter().Write("").Write(minor).Write(0), cancellationToken, asUser: true);
                if (answer.UInt32() == Ok)
                {
                    minors.Add(string.Create(CultureInfo.InvariantCulture, $"4.{minor}"));
                }
            }
            catch (RpcException error) when (error.Failure is RpcFailure.Unavailable or RpcFailure.Refused)
            {
                // It does not answer strangers; that it speaks version 4 is known.
                break;
            }
        }

        return minors.Count > 0 ? minors : ["4"];
    }
}
