using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Reading;

namespace HomelabOps.Core.Storage;

/// <summary>Lists files of a node, sorted, as they are read: however many there are, only a few are in memory.</summary>
internal static class FileListing
{
    // What the node is ahead of the reader. When it is full the connection waits, and with it the node.
    private const int Ahead = 1024 * 1024;

    /// <summary>Gives the files in the order of <see cref="StoredFile.Key"/>.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="pod">The pod that sees the node.</param>
    /// <param name="root">The folder of all applications.</param>
    /// <param name="folders">The folders in it.</param>
    /// <param name="hash">With checksums.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <exception cref="HomelabException">PodStorageUnavailable, and those of <see cref="PodExec.RunAsync"/>.</exception>
    public static async IAsyncEnumerable<StoredFile> ReadAsync(ClusterClient client, ProbePod pod, string root, IReadOnlyList<string> folders, bool hash, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Ahead, resumeWriterThreshold: Ahead / 2, useSynchronizationContext: false));
        var errors = new CommandOutput();
        var running = RunAsync(client, pod, StorageScripts.List(root, folders, hash), pipe.Writer, errors, ending.Token);
        await using var stream = pipe.Reader.AsStream();
        using var lines = new BodyLines(stream, 64 * 1024);
        try
        {
            while (await lines.MoveNextAsync(ending.Token))
            {
                if (StoredFile.Parse(lines.Current.Span, hash) is { } file)
                {
                    yield return file;
                }
            }

            if (await running is var code and not 0)
            {
                throw Errors.PodStorageUnavailable(pod.Reference, root, code == StorageScripts.NoFolder ? Errors.Text("Detail_NoFolder") : errors.Text);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<int> RunAsync(ClusterClient client, ProbePod pod, IReadOnlyList<string> command, PipeWriter output, CommandOutput errors, CancellationToken cancellationToken)
    {
        try
        {
            var target = pod.Target;
            var request = new ExecRequest(target.Pod.Namespace, target.Pod.Name, target.Container, command) { Output = WriteAsync, Error = errors.AddAsync };
            return await PodExec.RunAsync(client, request, cancellationToken);
        }
        finally
        {
            // How it ended is told by the task; the reader only needs to know that no more comes.
            await output.CompleteAsync();
        }

        async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) => await output.WriteAsync(bytes, stop);
    }
}
