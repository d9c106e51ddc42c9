using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <summary>What a commit took away of an application that is not there any more.</summary>
/// <param name="App">The application, as Restore-HomelabManifest knows it.</param>
/// <param name="Version">The commit, with the file that it deleted, or from which it took the entry.</param>
internal sealed record DeletedManifest(string App, ManifestVersion Version)
{
    // A history may be as long as it likes; this is a help, and no reason to wait.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private const int Most = 5;
    private static readonly string[] NameLabels = ["app.kubernetes.io/instance", "app.kubernetes.io/name", "app"];

    /// <summary>Looks for those of Services that lead to nothing, of which there are few.</summary>
    /// <param name="folder">The working copy.</param>
    /// <param name="services">All Services.</param>
    /// <param name="workloads">All workloads.</param>
    /// <param name="pods">All pods.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<IReadOnlyDictionary<(string Namespace, string Service), DeletedManifest>> FindAsync(string folder, IReadOnlyList<ServiceWire> services, IReadOnlyList<WorkloadFacts> workloads, IReadOnlyList<PodFacts> pods, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string, string), DeletedManifest>();
        foreach (var service in services.Where(service => service.Spec?.Selector is { Count: > 0 } && !Leads(service.Spec.Selector, service.Metadata.Namespace ?? "")).Take(Most))
        {
            var labels = NameLabels.Select(label => service.Spec!.Selector!.GetValueOrDefault(label)).OfType<string>();
            if (await FindAsync(folder, [.. labels.Prepend(service.Metadata.Name).Distinct()], cancellationToken) is { } deleted)
            {
                found[(service.Metadata.Namespace ?? "", service.Metadata.Name)] = deleted;
            }
        }

        return found;

        bool Leads(Dictionary<string, string> selector, string space) =>
            workloads.Any(workload => workload.Reference.Namespace == space && workload.IsSelectedBy(selector))
            || pods.Any(pod => pod.Reference.Namespace == space && selector.All(label => pod.Wire.Metadata.Label(label.Key) == label.Value));
    }

    /// <summary>Looks for it in what is checked out.</summary>
    /// <param name="folder">The working copy.</param>
    /// <param name="apps">Names that the application may have, the likeliest first.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where nothing of these names was deleted, or the history cannot be read, or not soon.</returns>
    public static async Task<DeletedManifest?> FindAsync(string folder, IReadOnlyList<string> apps, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Limit);
        try
        {
            var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(folder), ChangeJournal.ForUser());
            return await Task.Run(() => committer.ReadHeadAsync((git, tip, name) => apps.Select(app => Of(app, RestoreFinder.Find(git, tip, new ManifestScope([app], []), stop.Token), name)).FirstOrDefault(found => found is not null), stop.Token), stop.Token);
        }
        catch (HomelabException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static DeletedManifest? Of(string app, RestoreEdit? edit, string repository) => edit is not { Deletion: { } commit } ? null : new(app, new ManifestVersion
    {
        File = edit.Files.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? edit.Entries[0].File,
        Commit = commit.Sha,
        Author = commit.Author.Name,
        Time = commit.Author.When.LocalDateTime,
        Change = edit.Files.Count > 0 ? ManifestChange.Deleted : ManifestChange.Modified,
        Subject = commit.MessageShort,
        Repository = repository,
    });
}
