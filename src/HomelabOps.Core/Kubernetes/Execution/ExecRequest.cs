using System.Text;
using System.Threading.Channels;

namespace HomelabOps.Core.Kubernetes.Execution;

/// <summary>A command for a container, with where its streams go.</summary>
/// <param name="Namespace">Namespace of the pod.</param>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container; null for the only one.</param>
/// <param name="Command">The program and its arguments. No shell reads them.</param>
internal sealed record ExecRequest(string Namespace, string Pod, string? Container, IReadOnlyList<string> Command)
{
    /// <summary>What the command reads; null for nothing. Its end is told to the command only where the server knows v5.</summary>
    public Stream? Input { get; init; }

    /// <summary>Takes what the command writes, in the order in which it comes.</summary>
    public required Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Output { get; init; }

    /// <summary>Takes what it writes to its standard error; null where a terminal mixes both.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? Error { get; init; }

    /// <summary>The command gets a terminal.</summary>
    public bool Terminal => Sizes is not null;

    /// <summary>Columns and rows of the terminal, at first and at each change; null for no terminal.</summary>
    public ChannelReader<(int Columns, int Rows)>? Sizes { get; init; }

    internal string PathAndQuery
    {
        get
        {
            var url = new StringBuilder(ResourceType.Pod.Path(Namespace, Pod)).Append("/exec");
            ListQuery.Append(url, "container", Container);
            foreach (var word in Command)
            {
                // An empty argument is one as well.
                url.Append(url.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append("command=").Append(Uri.EscapeDataString(word));
            }

            ListQuery.Append(url, "stdin", Input is null ? null : "true");
            ListQuery.Append(url, "stdout", "true");
            ListQuery.Append(url, "stderr", Error is null ? null : "true");
            ListQuery.Append(url, "tty", Terminal ? "true" : null);
            return url.ToString();
        }
    }
}
