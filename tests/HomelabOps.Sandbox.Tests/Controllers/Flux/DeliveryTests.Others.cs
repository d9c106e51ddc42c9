using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

// Somebody else works in the cluster, or in the clone, at the same time.
public sealed partial class DeliveryTests
{
    [Fact]
    public async Task What_was_applied_and_is_deleted_is_gone_and_not_left_out()
    {
        await StartAsync(("apps/web.yaml", Web));
        var web = new ResourceReference(Flux.Client.Name, "Deployment", "default", "web");
        await UntilImageAsync("web", "web:1");
        await Flux.Client.DeleteAsync(Types.Deployment, "default", "web", new(), Cluster.Stop);
        Assert.Equal([web], await AwaitedRuns.HereAsync(Flux.Client, [web, web with { Name = "of-another-cluster" }], ["flux-system/apps"], Cluster.Stop));

        // It is made again, and somebody deletes it while its pods are waited for.
        var running = DeliverAsync(Flux.Git.Commit("two", ("apps/web.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal))), ["flux-system/apps"], web);
        await UntilImageAsync("web", "web:2");
        await StaysOpenAsync(running);
        await Flux.Client.DeleteAsync(Types.Deployment, "default", "web", new(), Cluster.Stop);
        var (runs, failures) = await running;
        Assert.Equal((false, "RolloutGone"), (runs, Assert.Single(failures).Id));
    }

    [Fact]
    public async Task What_Flux_leaves_alone_has_not_rolled_out()
    {
        await StartAsync(("apps/web.yaml", Web));
        await UntilImageAsync("web", "web:1");
        await SettledAsync("web", "web:1");
        var mark = new JsonObject { ["kustomize.toolkit.fluxcd.io/reconcile"] = "disabled" };
        await Flux.Client.PatchAsync(Types.Deployment, "default", "web", PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = mark } }, Cluster.Stop);

        var (runs, failures) = await DeliverAsync(Flux.Git.Commit("two", ("apps/web.yaml", Web.Replace("web:1", "web:2", StringComparison.Ordinal))), ["flux-system/apps"], new ResourceReference(Flux.Client.Name, "Deployment", "default", "web"));
        Assert.Equal((false, 0), (runs, failures.Count));
        await UntilImageAsync("web", "web:1");
    }

    [Fact]
    public async Task A_working_copy_that_stays_behind_is_a_warning_and_the_change_arrives()
    {
        await StartAsync(("cluster/apps.yaml", Child("apps", "")), ("apps/map.yaml", Map));
        var clone = Clone();
        using (var remote = new Repository(Flux.Git.Url))
        {
            remote.Config.Set("core.bare", true);
        }

        // Somebody begins to work in the file while the commit is on its way.
        var file = Path.Combine(clone, "apps", "map.yaml");
        var committer = new RepositoryCommitter(RepositoryLocation.OfFolder(clone), Journal)
        {
            Cache = Path.Combine(_folder, "cache"),
            Reached = step =>
            {
                if (step == CommitStep.Pushed)
                {
                    File.AppendAllText(file, "# mine\n");
                }
            },
        };
        var (warnings, change) = (new List<string>(), new GitOpsChange());
        await foreach (var item in EditDelivery.RunAsync(Flux.Client, committer, new MapEdit(), TimeSpan.FromMinutes(1), Journal, Cluster.Stop))
        {
            warnings.AddRange(item.Notice is WarningNotice warning ? [warning.Text] : []);
            change = item.Value ?? change;
        }

        Assert.Equal((true, true), (change.Pushed, change.RolledOut));
        Assert.Contains("apps/map.yaml", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(Map + "# mine\n", await File.ReadAllTextAsync(file, Cluster.Stop));
        Assert.Equal("2", Cells.Text(await Flux.Client.FindObjectAsync(new("", "v1", "configmaps", "ConfigMap", true), "default", "a", Cluster.Stop), "data.x"));
    }

    private sealed class MapEdit : IRepositoryEdit
    {
        public string Message => "Change the map";

        public IReadOnlyList<FileChange> Apply(IBuildFiles files) => [new("apps/map.yaml", files.Read("/apps/map.yaml"), Encoding.UTF8.GetBytes(Map.Replace("'1'", "'2'", StringComparison.Ordinal)))];
    }
}
