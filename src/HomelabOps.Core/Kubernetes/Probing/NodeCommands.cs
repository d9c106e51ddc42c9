using System.Globalization;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Probing;

/// <summary>Runs a command on nodes, on all of them at the same time, in a probe pod each.</summary>
internal static class NodeCommands
{
    // An image may have to be pulled.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Gives the results as they come. A node that nothing can be run on is a failure, and the others go on.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="command">A line for the shell, or a program and its arguments.</param>
    /// <param name="options">How the pods are made; their time is reckoned here.</param>
    /// <param name="timeout">How long the command may take.</param>
    /// <param name="cancellationToken">Ends everything; the pods are deleted all the same.</param>
    /// <exception cref="HomelabException">AccessDenied, NamespaceNotFound.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabCommandResult>> RunAsync(
        ClusterClient client,
        IReadOnlyList<NodeWire> nodes,
        IReadOnlyList<string> command,
        ProbeOptions options,
        TimeSpan timeout,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options = options with { Timeout = timeout + StartLimit };
        var probes = NodeProbes.RunAsync(client, nodes, options, _ => Waiting(options.Timeout), RunAsync, cancellationToken);
        await foreach (var probe in probes)
        {
            var node = new ResourceReference(client.Name, "Node", "", probe.Node);
            if (probe.Report is not { } ran)
            {
                yield return new FailureNotice(probe.Error ?? Errors.NodeUnreachable(node, probe.Unreachable));
                continue;
            }

            yield return ran.Result;
            if (ran.IsCut)
            {
                yield return CommandRunner.Cut(node);
            }
        }

        async Task<CommandOutcome> RunAsync(ProbePod pod, CancellationToken stop)
        {
            await pod.RunningAsync(StartLimit, stop);
            return await CommandRunner.RunAsync(client, pod.Target, pod.Reference, command, timeout, stop);
        }
    }

    /// <summary>The command of a pod that only waits for others.</summary>
    public static IReadOnlyList<string> Waiting(TimeSpan time) => ["sleep", ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture)];
}
