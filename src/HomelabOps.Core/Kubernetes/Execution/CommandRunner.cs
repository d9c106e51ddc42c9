using System.Diagnostics;
using System.Runtime.CompilerServices;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>Runs a command in containers, in all of them at the same time, and gives what they wrote.</summary>
internal static class CommandRunner
{
    // Each is a connection to the API server and one to a kubelet.
    private const int Most = 16;

    /// <summary>The words that are run: a single one is a line for the container's shell, several are a program and its arguments.</summary>
    public static IReadOnlyList<string> Words(IReadOnlyList<string> command) => command is [var line] ? ["sh", "-c", line] : command;

    /// <summary>Gives the results as they come. One that fails is a failure and the others go on.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="targets">The containers.</param>
    /// <param name="command">A line for the shell, or a program and its arguments.</param>
    /// <param name="timeout">How long each may take.</param>
    /// <param name="cancellationToken">Ends the connections.</param>
    public static async IAsyncEnumerable<Streamed<HomelabCommandResult>> RunAsync(
        ClusterClient client,
        IReadOnlyList<PodTarget> targets,
        IReadOnlyList<string> command,
        TimeSpan timeout,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Most);
        await foreach (var item in Merge.Independent(targets.Select(target => RunOneAsync(client, target, command, timeout, slots, cancellationToken)), cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Runs a command in one container.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="target">The container.</param>
    /// <param name="record">What the result is a result of.</param>
    /// <param name="command">A line for the shell, or a program and its arguments.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <exception cref="HomelabException">CommandTimeout, and those of <see cref="PodExec.RunAsync"/>.</exception>
    public static async Task<CommandOutcome> RunAsync(ClusterClient client, PodTarget target, ResourceReference record, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (output, error) = (new CommandOutput(), new CommandOutput());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var clock = Stopwatch.StartNew();
        try
        {
            var code = await PodExec.RunAsync(client, new(target.Pod.Namespace, target.Pod.Name, target.Container, Words(command)) { Output = output.AddAsync, Error = error.AddAsync }, limit.Token);
            var result = new HomelabCommandResult
            {
                Cluster = client.Name,
                Kind = record.Kind,
                Namespace = record.Namespace,
                Name = record.Name,
                Container = target.Container,
                ExitCode = code,
                Output = output.Text,
                Error = error.Text,
                Duration = clock.Elapsed,
            };
            return new(result, output.IsCut || error.IsCut);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.CommandTimeout(record, timeout);
        }
    }

    /// <summary>What to say of a result that is not whole.</summary>
    public static Notice Cut(ResourceReference record) => new WarningNotice(Errors.Text("CommandOutputCut", record, CommandOutput.Limit / 1024 / 1024));

    private static async IAsyncEnumerable<Streamed<HomelabCommandResult>> RunOneAsync(
        ClusterClient client,
        PodTarget target,
        IReadOnlyList<string> command,
        TimeSpan timeout,
        SemaphoreSlim slots,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        CommandOutcome ran;
        try
        {
            ran = await RunAsync(client, target, target.Pod, command, timeout, cancellationToken);
        }
        finally
        {
            slots.Release();
        }

        yield return ran.Result;
        if (ran.IsCut)
        {
            yield return Cut(target.Pod);
        }
    }
}
