using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.GitOps.History;

/// <summary>Reads the history of manifests as it is found, the newest commit first.</summary>
internal static class ManifestHistoryReader
{
    // So many are read ahead of who takes them.
    private const int Ahead = 64;

    /// <summary>Reads the versions of the files that are meant.</summary>
    /// <param name="repository">The repository: a working copy as it is checked out, without a network; a remote as it is now.</param>
    /// <param name="scope">Which files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<Streamed<ManifestVersion>> ReadAsync(RepositoryCommitter repository, ManifestScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = stop.Token;
        var found = Channel.CreateBounded<ManifestVersion>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        var reading = repository.ReadHeadAsync(
            (git, tip, name) =>
            {
                foreach (var version in ManifestHistory.Versions(git, tip, scope, name))
                {
                    found.Writer.WriteAsync(version, token).AsTask().GetAwaiter().GetResult();
                }

                return true;
            },
            token);
        _ = reading.ContinueWith(done => found.Writer.TryComplete(done.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var version in found.Reader.ReadAllAsync(token))
            {
                yield return version;
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
