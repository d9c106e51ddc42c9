using System.Management.Automation;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Base of the cmdlets that read objects of Flux.</summary>
public abstract class FluxCmdlet : ObjectCmdlet
{
    /// <summary>Only objects that are not ready, or are stale.</summary>
    [Parameter]
    public SwitchParameter NotReady { get; set; }

    /// <summary>Only objects that are suspended.</summary>
    [Parameter]
    public SwitchParameter Suspended { get; set; }

    /// <summary>Goes on with every change until stopped.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>Kinds that were asked for, with wildcards; empty for all of <see cref="Within"/>.</summary>
    private protected virtual IReadOnlyList<string> Kinds => [];

    /// <summary>Kinds that the cmdlet is about.</summary>
    private protected virtual IReadOnlyList<string> Within => FluxKind.All;

    /// <summary>How a record is written.</summary>
    private protected virtual void Emit(FluxResource resource) => WriteObject(resource);

    private protected override void Process()
    {
        if (InputObject is null)
        {
            DrainClusters((client, stop) => Read(client, Query, stop), Emit);
        }
        else
        {
            // Every reading asks for all of Flux, so what comes by pipe is read together.
            CollectNamed(reference => Within.Contains(reference.Kind), "objects of Flux that this cmdlet shows");
        }
    }

    private protected override void End() => DrainCollected(
        (client, patterns, stop) => Read(client, Query with { Objects = Objects with { Names = patterns, Namespaces = NamespacesOf(patterns) } }, stop),
        Emit);

    private FluxQuery Query => new() { Objects = Objects, Kinds = Kinds, Within = Within, NotReady = NotReady, Suspended = Suspended };

    private IAsyncEnumerable<Streamed<FluxResource>> Read(ClusterClient client, FluxQuery query, CancellationToken stop) =>
        Watch ? FluxWatcher.WatchAsync(client, query, stop) : FluxReader.ReadAsync(client, query, stop);
}
