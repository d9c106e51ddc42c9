using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Delivery;

/// <summary>Applies applications as a commit of the repository has them and in Flux's own name, so that Flux finds nothing to change when it comes to them.</summary>
internal sealed class DirectApply(ClusterClient client, RepositoryCommitter committer, IReadOnlyList<ValuePattern> patterns, ChangeJournal journal)
{
    private const string Manager = "kustomize-controller";

    /// <summary>Applies workloads, or the releases that make them, and other objects. What the repository does not have of the others is left as it is.</summary>
    /// <param name="workloads">The workloads.</param>
    /// <param name="others">Other objects.</param>
    /// <param name="commit">Hash of the commit; null for the newest.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">AppNotFoundInRepository: the repository does not have one of the workloads. Those of a build, and what the server refuses.</exception>
    public async Task RunAsync(IReadOnlyList<ResourceReference> workloads, IReadOnlyList<ResourceReference> others, string? commit, CancellationToken cancellationToken)
    {
        var bodies = await committer.ReadAsync((git, tip, name) =>
        {
            var view = ManifestView.Read(new GitTreeFiles(git, ((commit is null ? null : git.Lookup(commit) as LibGit2Sharp.Commit) ?? tip).Tree, name), patterns, cancellationToken);
            var objects = view.Trees.SelectMany(tree => tree.Nodes).SelectMany(ManifestView.Objects).ToLookup(item => (item.Kind, item.Namespace, item.Name));

            // What the workloads must not find at work any more goes first.
            return others.SelectMany(other => objects[(other.Kind, other.Namespace, other.Name)].Take(1)).Select(item => Body(item.Node, item.Namespace, item.Object))
                .Concat(workloads.Select(workload => Known(Find(view, workload) ?? throw Errors.AppNotFoundInRepository(workload.Name, name, []), workload)).Select(app => Body(app.Node, app.Namespace, app.Object)))
                .DistinctBy(body => ((string?)body["kind"], (string?)body["metadata"]!["namespace"], (string?)body["metadata"]!["name"])).ToList();
        }, cancellationToken);
        foreach (var body in bodies)
        {
            await ApplyAsync(body, cancellationToken);
        }
    }

    private static ManifestApp? Find(ManifestView view, ResourceReference workload) =>
        view.Apps.FirstOrDefault(app => !app.IsRelease && app.Kind == workload.Kind && app.Namespace == workload.Namespace && app.Name == workload.Name)
            ?? view.Apps.FirstOrDefault(app => app.IsRelease && app.Namespace == workload.Namespace && app.IsCalled(workload.Name));

    // Variables whose values are not in Git are put in by Flux only.
    private static ManifestApp Known(ManifestApp app, ResourceReference workload) =>
        app.Node.IsOpen && app.Object.ToJsonString().Contains("${", StringComparison.Ordinal) ? throw Errors.DirectApplyImpossible(workload) : app;

    // The labels by which Flux knows its own; without them it would be said to have given the object up.
    private static JsonObject Body(FluxNode node, string @namespace, JsonObject item)
    {
        var body = (JsonObject)item.DeepClone();
        var metadata = body["metadata"]!.AsObject();
        metadata["namespace"] = @namespace;
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[FluxKind.KustomizeGroup + "/name"] = node.Name;
        labels[FluxKind.KustomizeGroup + "/namespace"] = node.Namespace;
        return body;
    }

    private async Task ApplyAsync(JsonObject body, CancellationToken cancellationToken)
    {
        var (version, kind) = ((string?)body["apiVersion"] ?? "", (string?)body["kind"] ?? "");
        var (space, name) = ((string?)body["metadata"]!["namespace"] ?? "", (string?)body["metadata"]!["name"] ?? "");
        var group = version.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? version[..slash] : "";
        var type = (await client.Discovery.ResourcesAsync([group], cancellationToken)).FirstOrDefault(served => served.Type.Kind == kind)?.Type ?? throw Errors.KindNotFound(client.Name, kind, []);
        await journal.RunAsync(
            new JournalEntry { Cluster = client.Name, Kind = kind, Namespace = space, Name = name, Change = "apply", Undo = JournalUndo.None("GitRevert") },
            () => client.PatchAsync(type, space, name, PatchKind.Apply, body, cancellationToken, new WriteOptions { FieldManager = Manager, Force = true }));
    }
}
