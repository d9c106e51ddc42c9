using System.Globalization;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Machine;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Delivery;

/// <summary>What an edit of a repository would change, there and in the cluster.</summary>
internal sealed record ChangePlan
{
    /// <summary>The change of the repository.</summary>
    public required GitOpsChange Change { get; init; }

    /// <summary>The Flux Kustomizations that are built from files that change, as <c>namespace/name</c> or as a name; empty where no cluster was asked.</summary>
    public required IReadOnlyList<string> Kustomizations { get; init; }

    /// <summary>Those of them that the repository still has afterwards. The others go with the change, so nothing is to be asked of them.</summary>
    public IReadOnlyList<string> Remaining { get; init; } = [];

    /// <summary>What Flux would delete; empty where no cluster was asked.</summary>
    public IReadOnlyList<ResourceReference> Pruned { get; init; } = [];

    /// <summary>What goes with Kustomizations among it, since they prune what they have applied.</summary>
    public IReadOnlyList<ResourceReference> Taken { get; init; } = [];

    /// <summary>What stays in the cluster without a manifest, since Flux leaves it alone: applications that are stopped.</summary>
    public IReadOnlyList<ResourceReference> LeftAlone { get; init; } = [];

    /// <summary>All of that in words. Of what is taken along is named, and first, what data may go with: claims, volumes, and what holds others.</summary>
    public string Losses
    {
        get
        {
            var gone = string.Join(", ", Pruned);
            var named = Taken.Where(HoldsData).Select(item => item.ToString());
            var others = Taken.Where(item => !HoldsData(item)).GroupBy(item => item.Kind, StringComparer.Ordinal).Select(kind => $"{kind.Key} ({kind.Count().ToString(CultureInfo.InvariantCulture)})");
            return Taken.Count == 0 ? gone : Errors.Text("Detail_PruneTaken", gone, string.Join(", ", named.Concat(others)));
        }
    }

    /// <summary>What kept that from being known.</summary>
    public IReadOnlyList<HomelabException> Failures { get; init; } = [];

    /// <summary>What else the user should know before he decides.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Works it out. Nothing is changed.</summary>
    /// <param name="committer">The repository.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="client">The cluster that is asked what it would prune; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ChangePlan> MakeAsync(RepositoryCommitter committer, IRepositoryEdit edit, ClusterClient? client, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> affected = [], remaining = [], warnings = [];
        using var folder = client is null ? null : new ScratchFolder();
        var change = await committer.PreviewAsync(edit, cancellationToken, (files, before, after) =>
        {
            warnings = [.. PolicyMarkers.Changed(files, before, after).Select(marked => Errors.Text("ImagePolicyMarked", $"{marked.File}:{marked.Line}", marked.Policy))];
            if (folder is null)
            {
                return;
            }

            var changed = files.ToHashSet(StringComparer.Ordinal);
            var index = RepositoryIndex.Read(after, cancellationToken);
            affected = [.. Affected(before, changed.Contains, cancellationToken).Concat(Affected(index, changed.Contains)).Distinct(StringComparer.Ordinal)];
            remaining = [.. affected.Intersect(index.FluxKustomizations.Select(NameOf), StringComparer.Ordinal)];
            if (affected.Count > 0)
            {
                ScratchFiles.Fill(folder, after);
            }
        });
        var plan = new ChangePlan { Change = change, Kustomizations = affected, Remaining = remaining, Warnings = [.. edit.Warnings, .. warnings] };
        return client is null || folder is null || affected.Count == 0 ? plan : await plan.AskAsync(client, folder, edit.Gone, cancellationToken);
    }

    /// <summary>The Flux Kustomizations that are built from files, as <c>namespace/name</c> or as a name.</summary>
    /// <param name="files">The repository.</param>
    /// <param name="isMeant">Which files, as paths of the repository.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IEnumerable<string> Affected(IBuildFiles files, Func<string, bool> isMeant, CancellationToken cancellationToken) =>
        Affected(RepositoryIndex.Read(files, cancellationToken), isMeant);

    private static IEnumerable<string> Affected(RepositoryIndex index, Func<string, bool> isMeant) =>
        index.FluxKustomizations.Where(flux => flux.Files.Any(file => isMeant(file.TrimStart('/')))).Select(NameOf);

    private static string NameOf(IndexedFlux flux) => flux.Object.Namespace.Length == 0 ? flux.Object.Name : $"{flux.Object.Namespace}/{flux.Object.Name}";

    private async Task<ChangePlan> AskAsync(ClusterClient client, ScratchFolder folder, IReadOnlyList<ResourceReference> gone, CancellationToken cancellationToken)
    {
        var pruned = new List<ResourceReference>();
        var failures = new List<HomelabException>();
        await foreach (var item in FluxComparer.RunAsync(client, [.. Kustomizations.Select(name => new ResourcePattern(name))], [], new DiskFiles(folder.Path), cancellationToken))
        {
            if (item.Value is { Action: FluxDifferenceAction.Delete } deleted)
            {
                pruned.Add(deleted.Target);
            }
            else if (item.Notice is FailureNotice failure && failure.Error.Id != nameof(Errors.FluxObjectRefused) && failure.Error.Kind != ErrorKind.ObjectNotFound)
            {
                // What is refused does not stop what goes, and one that is not in the cluster yet prunes nothing.
                failures.Add(failure.Error);
            }
        }

        var removal = await FluxRemoval.RunAsync(client, pruned, cancellationToken);
        var left = await LeftAloneAsync(client, gone, cancellationToken);
        return this with
        {
            Pruned = pruned,
            Taken = removal.Taken,
            LeftAlone = left,
            Warnings = [.. Warnings, .. left.Select(item => Errors.Text("RemovalLeftAlone", item))],
            Failures = [.. failures, .. removal.Failures],
        };
    }

    // What is marked kustomize-controller does not delete, and helm-controller uninstalls no release that is suspended.
    private static async Task<IReadOnlyList<ResourceReference>> LeftAloneAsync(ClusterClient client, IReadOnlyList<ResourceReference> gone, CancellationToken cancellationToken)
    {
        var left = new List<ResourceReference>();
        foreach (var item in gone)
        {
            var isRelease = item.Kind == FluxKind.HelmRelease;
            var type = isRelease ? (await FluxTypes.FindAsync(client, cancellationToken)).FirstOrDefault(type => type.Kind == item.Kind) : await WorkloadTypes.FindAsync(client, item.Kind, cancellationToken);
            if (type is not null && await client.FindObjectAsync(type, item.Namespace, item.Name, cancellationToken) is { } live && (FluxMarks.IsKept(live) || (isRelease && ObjectText.At(live, "spec", "suspend") == "true")))
            {
                left.Add(item);
            }
        }

        return left;
    }

    // A release takes the claims along that its chart made, and a namespace all that is in it.
    private static bool HoldsData(ResourceReference item) => item.Kind is "PersistentVolumeClaim" or "PersistentVolume" or "Namespace" or FluxKind.HelmRelease;
}
