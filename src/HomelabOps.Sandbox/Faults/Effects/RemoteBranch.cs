using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Faults.Effects;

/// <summary>
/// The branch that Flux reads, as its owner pushes to it. His working copy is brought along where nothing of his is in the way, and
/// Flux is told, as a webhook of the remote does it.
/// </summary>
internal sealed class RemoteBranch(FaultScene scene)
{
    private const int Attempts = 5;
    private static readonly ObjectName Source = new("flux-system", "flux-system");

    // Of two commits at the same time one would be lost.
    private static readonly Lock Committing = new();

    /// <summary>The text of a file at the tip; null where there is none.</summary>
    public string? Read(string path)
    {
        using var repository = new Repository(scene.Repository.RemotePath);
        return Text(Tip(repository), path);
    }

    /// <summary>Changes files by one commit; none is made where nothing changes.</summary>
    /// <returns>Each edit's text before and after it.</returns>
    /// <exception cref="FaultNotPossibleException">A file does not have what is to be changed.</exception>
    public async Task<IReadOnlyList<(string Path, string? Before, string? After)>> CommitAsync(string subject, IEnumerable<FileEdit> edits, CancellationToken cancellationToken)
    {
        var done = await Task.Run(() => Commit(subject, [.. edits]), cancellationToken);
        if (done.Count > 0)
        {
            BringCloneAlong();
            await TellFluxAsync(cancellationToken);
        }

        return done;
    }

    /// <summary>Lets Flux look at the repository now.</summary>
    public async Task TellFluxAsync(CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FluxController.RequestedAt] = scene.Clock.GetUtcNow().ToString("O") } } };
        try
        {
            await scene.Client.PatchAsync(Types.GitRepository, Source.Namespace, Source.Name, PatchKind.Merge, patch, cancellationToken, new WriteOptions { FieldManager = "notification-controller" });
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.ObjectNotFound)
        {
            // A homelab that is being recovered has no Flux yet.
        }
    }

    private List<(string Path, string? Before, string? After)> Commit(string subject, FileEdit[] edits)
    {
        using var repository = new Repository(scene.Repository.RemotePath);
        lock (Committing)
        {
            for (var attempt = 1; ; attempt++)
            {
                var head = Tip(repository);
                var (tree, done) = Apply(repository, head, edits);
                if (done.Count == 0)
                {
                    return done;
                }

                var author = new Signature("Homelab Owner", $"owner@{HomelabPlan.Domain}", scene.Clock.GetUtcNow());
                var commit = repository.ObjectDatabase.CreateCommit(author, author, subject + "\n", repository.ObjectDatabase.CreateTree(tree), [head], prettifyMessage: false);
                if (Tip(repository).Id == head.Id)
                {
                    repository.Refs.UpdateTarget(repository.Refs[$"refs/heads/{HomelabRepository.Branch}"], commit.Id);
                    return done;
                }

                // Somebody pushed meanwhile.
                if (attempt == Attempts)
                {
                    throw new FaultNotPossibleException("The branch does not come to rest.");
                }
            }
        }
    }

    private static (TreeDefinition Tree, List<(string Path, string? Before, string? After)> Done) Apply(Repository repository, Commit head, FileEdit[] edits)
    {
        var tree = TreeDefinition.From(head);
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        var done = new List<(string, string?, string?)>();
        foreach (var edit in edits)
        {
            var before = texts.TryGetValue(edit.Path, out var known) ? known : Text(head, edit.Path);
            var after = edit.Change(before);
            if (after == before)
            {
                continue;
            }

            texts[edit.Path] = after;
            done.Add((edit.Path, before, after));
            if (after is null)
            {
                tree.Remove(edit.Path);
            }
            else
            {
                tree.Add(edit.Path, repository.ObjectDatabase.CreateBlob(new MemoryStream(Encoding.UTF8.GetBytes(after))), Mode.NonExecutableFile);
            }
        }

        return (tree, done);
    }

    private static Commit Tip(Repository repository) => repository.Branches[HomelabRepository.Branch].Tip;

    private static string? Text(Commit commit, string path) => (commit[path]?.Target as Blob)?.GetContentText();

    private void BringCloneAlong()
    {
        try
        {
            using var clone = new Repository(scene.Repository.ClonePath);
            Commands.Fetch(clone, "origin", [], null, null);
            if (clone.Head.FriendlyName == HomelabRepository.Branch && clone.Head.TrackingDetails is { AheadBy: 0, BehindBy: > 0 } && !clone.RetrieveStatus(new StatusOptions { IncludeUntracked = false }).IsDirty)
            {
                clone.Reset(ResetMode.Hard, clone.Head.TrackedBranch.Tip);
            }
        }
        catch (LibGit2SharpException)
        {
            // Its owner is at work in it, or has made something else of it; then it is his to pull.
        }
    }
}
