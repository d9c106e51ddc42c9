using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Follows Flux while it brings back what Git says, and tells what waits for what.</summary>
/// <param name="client">The cluster.</param>
/// <param name="install">What Flux was installed with.</param>
internal sealed class RestoreWatch(ClusterClient client, FluxInstall install)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What the source has fetched; empty until then.</summary>
    public string Revision { get; private set; } = "";

    /// <summary>What is not ready, with what holds it up.</summary>
    public IReadOnlyList<string> Pending { get; private set; } = [];

    /// <summary>Waits for the source.</summary>
    public async Task<string> SourceAsync(Action<Notice> tell, CancellationToken cancellationToken)
    {
        while (true)
        {
            var source = (await ReadAsync(cancellationToken)).Find(item => item.Kind == "GitRepository" && item.Name == ObjectText.Name(install.Source) && item.Namespace == install.Namespace);
            if (source is { Ready: ConditionStatus.True, Revision: { Length: > 0 } revision })
            {
                (Revision, Pending) = (revision, []);
                return Display.Revision(revision);
            }

            Pending = [$"GitRepository/{install.Namespace}/{ObjectText.Name(install.Source)}: {(source is null or { Message: "" } ? Errors.Text("Detail_RestoreNoController") : source.Message)}"];
            tell(new ProgressNotice("", Pending[0], IsDone: false));
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Waits for every Kustomization.</summary>
    public async Task<string> KustomizationsAsync(Action<Notice> tell, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = (await ReadAsync(cancellationToken)).Where(item => item.Kind == "Kustomization").ToDictionary(item => $"{item.Namespace}/{item.Name}", StringComparer.Ordinal);
            var wanted = install.Kustomizations.Union(found.Keys, StringComparer.Ordinal).ToList();
            Pending = [.. wanted.Where(key => !IsDone(found.GetValueOrDefault(key))).Select(key => Describe(key, found.GetValueOrDefault(key)))];
            if (Pending.Count == 0)
            {
                return Errors.Text("Detail_RestoreReady", wanted.Count);
            }

            tell(new ProgressNotice("", Errors.Text("RestoreWaiting", wanted.Count - Pending.Count, wanted.Count, Pending[0]), IsDone: false));
            await Task.Delay(Pause, cancellationToken);
        }
    }

    // One that somebody has suspended in Git is as it should be.
    private static bool IsDone(FluxResource? resource) => resource is { Suspended: true } or { Ready: ConditionStatus.True, Stale: false };

    private static string Describe(string key, FluxResource? resource) => resource switch
    {
        null => Errors.Text("Detail_RestoreAbsent", key),
        { RootCause: { } root } when root != resource.Reference => Errors.Text("Detail_RestoreBlocked", key, root),
        _ => $"{key}: {resource.Message}",
    };

    private async Task<List<FluxResource>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<FluxResource>();
        await foreach (var item in FluxReader.ReadAsync(client, new FluxQuery(), cancellationToken))
        {
            found.AddRange(item.Value is { } resource ? [resource] : []);
        }

        return found;
    }
}
