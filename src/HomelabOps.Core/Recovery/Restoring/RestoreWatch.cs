using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Follows Flux while it brings back what Git says, and tells what waits for what.</summary>
/// <param name="options">How.</param>
/// <param name="install">What Flux was installed with.</param>
internal sealed class RestoreWatch(RestoreOptions options, FluxInstall install)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // What a build lacks may be on its way; after this nothing but another commit helps.
    private static readonly TimeSpan BuildPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(8);
    private const int MostBlockers = 3;

    /// <summary>What the source has fetched; empty until then.</summary>
    public string Revision { get; private set; } = "";

    /// <summary>What is not ready, with what holds it up.</summary>
    public IReadOnlyList<string> Pending { get; private set; } = [];

    private IReadOnlyList<HomelabFinding> _findings = [];
    private long? _looked;

    private string SourceName => ObjectText.Name(install.Source);

    /// <summary>Waits until the source has the commit that was read, or a newer one.</summary>
    public async Task<string> SourceAsync(Action<Notice> tell, CancellationToken cancellationToken)
    {
        var (commit, asked) = (install.Commit, default(long?));
        while (true)
        {
            var source = (await ReadAsync(cancellationToken)).Find(IsSource);
            if (source is { Ready: ConditionStatus.True, Stale: false, Revision: { Length: > 0 } revision } && IsOf(revision, commit))
            {
                (Revision, Pending) = (revision, []);
                return Display.Revision(revision);
            }

            // By itself it looks again only after its interval, which may be hours. What has been pushed meanwhile is as good.
            if (source is not null && (asked is null || TimeProvider.System.GetElapsedTime(asked.Value) > AskAgain))
            {
                commit = asked is null ? commit : await install.CommitAsync(options.Repository, cancellationToken);
                asked = TimeProvider.System.GetTimestamp();
                await FluxReconciler.RequestAsync(options.Client, await SourceTypeAsync(cancellationToken), source, new FluxReconcileOptions(), options.Journal, cancellationToken);
            }

            Pending = [$"GitRepository/{install.Namespace}/{SourceName}: {Describe(source, commit)}"];
            tell(new ProgressNotice("", Pending[0], IsDone: false));
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Waits until every Kustomization is at what the source has.</summary>
    /// <exception cref="HomelabException">RecoveryBuildFailed.</exception>
    public async Task<string> KustomizationsAsync(Action<Notice> tell, CancellationToken cancellationToken)
    {
        var hopeless = default(long?);
        while (true)
        {
            var all = await ReadAsync(cancellationToken);
            Revision = all.Find(IsSource) is { Revision: { Length: > 0 } revision } ? revision : Revision;
            var found = all.Where(item => item.Kind == FluxKind.Kustomization).ToDictionary(item => $"{item.Namespace}/{item.Name}", StringComparer.Ordinal);
            var wanted = install.Kustomizations.Union(found.Keys, StringComparer.Ordinal).ToList();
            await LookAsync(found.Values.Any(item => !IsDone(item)), cancellationToken);
            var late = wanted.Where(key => !IsDone(found.GetValueOrDefault(key))).ToList();
            Pending = [.. late.Select(key => Describe(key, found.GetValueOrDefault(key)))];
            if (Pending.Count == 0)
            {
                return Errors.Text("Detail_RestoreReady", wanted.Count);
            }

            var broken = late.Select(found.GetValueOrDefault).OfType<FluxResource>().Where(IsBroken).ToList();
            hopeless = broken.Count > 0 && late.TrueForAll(key => IsHopeless(found.GetValueOrDefault(key), broken)) ? hopeless ?? TimeProvider.System.GetTimestamp() : null;
            if (hopeless is { } since && TimeProvider.System.GetElapsedTime(since) > BuildPatience)
            {
                throw Errors.RecoveryBuildFailed(options.Client.Name, Display.Revision(Revision), [.. broken.Select(item => Describe($"{item.Namespace}/{item.Name}", item))]);
            }

            tell(new ProgressNotice("", Errors.Text("RestoreWaiting", wanted.Count - Pending.Count, wanted.Count, Pending[0]), IsDone: false));
            await Task.Delay(Pause, cancellationToken);
        }
    }

    // A tag or a commit that Flux is tied to is not the tip that was read.
    private bool IsOf(string revision, string commit) => install.Fixed is not null || revision.EndsWith(commit, StringComparison.OrdinalIgnoreCase);

    private bool IsSource(FluxResource item) => item.Kind == FluxKind.GitRepository && item.Name == SourceName && item.Namespace == install.Namespace;

    private bool IsOfSource(FluxResource item) => item.Source is { Kind: FluxKind.GitRepository } source && source.Name == SourceName && source.Namespace == install.Namespace;

    // One that somebody has suspended in Git is as it should be. What was ready before the newest commit is not ready for it.
    private bool IsDone(FluxResource? resource) => resource is { Suspended: true } or { Ready: ConditionStatus.True, Stale: false } && (resource.Suspended || !IsOfSource(resource) || resource.Revision == Revision);

    private bool IsBroken(FluxResource item) => item is { Ready: ConditionStatus.False, Reason: "BuildFailed" } && (!IsOfSource(item) || item.AttemptedRevision == Revision);

    // What is not there yet is applied by one that is, and comes when that one does.
    private bool IsHopeless(FluxResource? item, List<FluxResource> broken) => item is null || IsBroken(item) || broken.Exists(other => item.RootCause == other.Reference);

    private string Describe(FluxResource? source, string commit) => source switch
    {
        { Suspended: true } => Errors.Text("Detail_RestoreSuspended", source.Reference),
        null or { Message: "" } => Errors.Text("Detail_RestoreNoController"),
        { Ready: ConditionStatus.True, Revision: { Length: > 0 } revision } when !IsOf(revision, commit) => Errors.Text("Detail_RestoreBehind", Display.Revision(revision), commit[..7]),
        _ => source.Message,
    };

    private string Describe(string key, FluxResource? resource) => resource switch
    {
        null => Errors.Text("Detail_RestoreAbsent", key),
        { RootCause: { } root } when root != resource.Reference => Errors.Text("Detail_RestoreBlocked", key, root),
        { Ready: ConditionStatus.True, Revision: { Length: > 0 } revision } when IsOfSource(resource) && revision != Revision => $"{key}: {Errors.Text("Detail_RestoreBehind", Display.Revision(revision), Display.Revision(Revision))}",
        _ => string.Join("; ", BlockersOf(resource).Prepend($"{key}: {resource.Message}")),
    };

    // Flux says that it waits, and not for what: what is broken of the objects that it applied.
    private IEnumerable<string> BlockersOf(FluxResource resource) => resource is FluxKustomization { Inventory: { Count: > 0 } inventory }
        ? _findings.Where(finding => new[] { finding.Target, finding.RootCause }.Concat(finding.BlockedBy).Any(reference => reference is not null && inventory.Contains(reference))).Select(finding => finding.Message.TrimEnd('.')).Distinct().Take(MostBlockers)
        : [];

    // Not each second: it reads the whole cluster.
    private async Task LookAsync(bool isWanted, CancellationToken cancellationToken)
    {
        if (!isWanted || (_looked is { } last && TimeProvider.System.GetElapsedTime(last) < LookAgain))
        {
            return;
        }

        var found = new List<HomelabFinding>();
        try
        {
            await foreach (var item in HomelabTester.TestAsync(options.Client, new HomelabTestQuery { Areas = [HomelabArea.Pod, HomelabArea.Volume], Config = options.Config }, cancellationToken))
            {
                found.AddRange(item.Value is { Severity: FindingSeverity.Error } finding ? [finding] : []);
            }

            _findings = found;
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            // It is waited for Flux, which tells less.
        }

        _looked = TimeProvider.System.GetTimestamp();
    }

    private async Task<ResourceType> SourceTypeAsync(CancellationToken cancellationToken) =>
        (await FluxTypes.FindAsync(options.Client, cancellationToken)).First(type => type.Kind == FluxKind.GitRepository);

    private async Task<List<FluxResource>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new List<FluxResource>();
        await foreach (var item in FluxReader.ReadAsync(options.Client, new FluxQuery(), cancellationToken))
        {
            found.AddRange(item.Value is { } resource ? [resource] : []);
        }

        return found;
    }
}
