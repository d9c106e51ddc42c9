using System.Diagnostics;
using System.Threading.Channels;
using HomelabOps.Core.Machine;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>Joins the terminal of this session with a shell in a container.</summary>
internal static class PodShell
{
    private static readonly TimeSpan SizePeriod = TimeSpan.FromMilliseconds(250);

    // The container knows nothing of the terminal it is shown on, and most have no entry but for the common ones.
    private const string Usual = "export TERM=xterm; if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";

    /// <summary>Runs a shell until it ends.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="target">The container.</param>
    /// <param name="shell">The shell with its arguments; empty for bash where there is one, else sh.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <returns>Exit code and duration; what the shell showed went to the terminal.</returns>
    /// <exception cref="HomelabException">NoTerminal, and those of <see cref="PodExec.RunAsync"/>.</exception>
    public static async Task<HomelabCommandResult> RunAsync(ClusterClient client, PodTarget target, IReadOnlyList<string> shell, CancellationToken cancellationToken)
    {
        using var terminal = RawTerminal.Open();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sizes = Channel.CreateUnbounded<(int, int)>();
        var telling = TellSizesAsync(sizes.Writer, ending.Token);
        try
        {
            var request = new ExecRequest(target.Pod.Namespace, target.Pod.Name, target.Container, shell.Count > 0 ? shell : ["sh", "-c", Usual])
            {
                Input = terminal.Input,
                Output = terminal.WriteAsync,
                Sizes = sizes.Reader,
            };
            var clock = Stopwatch.StartNew();
            var code = await PodExec.RunAsync(client, request, cancellationToken);
            return new() { Cluster = client.Name, Kind = "Pod", Namespace = target.Pod.Namespace, Name = target.Pod.Name, Container = target.Container, ExitCode = code, Duration = clock.Elapsed };
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Windows has no signal for it, so it is looked for.
    private static async Task TellSizesAsync(ChannelWriter<(int Columns, int Rows)> sizes, CancellationToken cancellationToken)
    {
        var told = (0, 0);
        using var timer = new PeriodicTimer(SizePeriod);
        do
        {
            if (RawTerminal.Size is var size && size != told)
            {
                told = size;
                await sizes.WriteAsync(size, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
