using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.History;
using HomelabOps.Core.Journal;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>What is told of a change before it is made, by a cluster whose controllers have applied what it takes away.</summary>
public sealed class ChangePlanTests
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: y}\n";

    [Fact]
    public async Task What_a_Kustomization_takes_along_is_told_beside_it()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("cluster/apps.yaml", Kustomization("apps")), ("apps/a.yaml", Map));
        flux.Git.Commit("two", ("apps/inner.yaml", Kustomization("inner")), ("inner/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        await flux.ReadyAsync("inner");
        var folder = Directory.CreateTempSubdirectory("homelabops-plan-").FullName;
        try
        {
            var clone = Repository.Clone(flux.Git.Url, Path.Combine(folder, "clone"));
            var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(clone), new ChangeJournal(Path.Combine(folder, "journal")));
            var edit = await committer.ReadAsync((git, tip, _) => RevertEdit.Of(git, tip, tip.Sha), Cluster.Stop);
            var plan = await ChangePlan.MakeAsync(committer, edit, flux.Client, Cluster.Stop);
            Assert.Equal(["Kustomization/flux-system/inner"], plan.Pruned.Select(item => item.ToString()));
            Assert.Equal(["ConfigMap/default/b"], plan.Taken.Select(item => item.ToString()));
            Assert.Contains("ConfigMap (1)", plan.Losses, StringComparison.Ordinal);
        }
        finally
        {
            RuntimeFolder.Delete(folder);
        }
    }

    private static string Kustomization(string name) =>
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec: {{interval: 10m, prune: true, path: ./{name}, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n";
}
