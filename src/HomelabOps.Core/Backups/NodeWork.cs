using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Execution;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Backups;

/// <summary>Does something on one node, through a probe pod.</summary>
internal static class NodeWork
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a pod on a node and gives it to somebody.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="options">How the pod is made, and how long all may take.</param>
    /// <param name="work">What is done; cancelled when the time is over. What it has to clean up it does before it ends.</param>
    /// <param name="cancellationToken">Ends everything; the pod is deleted all the same.</param>
    /// <exception cref="HomelabException">NodeNotFound, NodeUnreachable, AccessDenied, NamespaceNotFound, and those of the work.</exception>
    public static async Task<T> RunAsync<T>(ClusterClient client, string node, ProbeOptions options, Func<ProbePod, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        where T : class
    {
        var (nodes, missing) = await NodeProbes.FindNodesAsync(client, new ObjectQuery { Names = [new ResourcePattern(node)] }, cancellationToken);
        if (missing is [var unknown, ..])
        {
            throw unknown;
        }

        await foreach (var probe in NodeProbes.RunAsync(client, nodes, options, _ => NodeCommands.Waiting(options.Timeout), StartAsync, cancellationToken))
        {
            return probe.Report ?? throw probe.Error ?? Errors.NodeUnreachable(new(client.Name, "Node", "", probe.Node), probe.Unreachable);
        }

        throw Errors.NodeUnreachable(new(client.Name, "Node", "", node), "");

        async Task<T> StartAsync(ProbePod pod, CancellationToken stop)
        {
            await pod.RunningAsync(StartLimit, stop);
            return await work(pod, stop);
        }
    }

    /// <summary>Runs a script of the node and gives what it wrote.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="pod">The pod, which runs.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public static async Task<(int Code, string Output, string Error)> CommandAsync(ClusterClient client, ProbePod pod, IReadOnlyList<string> command, Stream? input, CancellationToken cancellationToken)
    {
        var (target, output, errors) = (pod.Target, new CommandOutput(), new CommandOutput());
        var code = await PodExec.RunAsync(client, new(target.Pod.Namespace, target.Pod.Name, target.Container, command) { Input = input, Output = output.AddAsync, Error = errors.AddAsync }, cancellationToken);
        return (code, output.Text, errors.Text);
    }
}
