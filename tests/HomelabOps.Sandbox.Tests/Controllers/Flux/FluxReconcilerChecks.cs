using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Flux.Reconciling;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>What users ask of Flux, against controllers that follow a real Git repository.</summary>
public abstract class FluxReconcilerChecks(bool isLab) : IDisposable
{
    private const string Map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\ndata: {x: y}\n";

    // Its namespace is there only when somebody makes it.
    private const string Late = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: later}\n";
    private readonly string _state = Directory.CreateTempSubdirectory("homelabops-state-").FullName;

    private ChangeJournal Journal => new(_state);

    public void Dispose()
    {
        Directory.Delete(_state, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_push_is_running_after_one_call_with_the_source()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var commit = Commit(flux, "two", ("apps/a.yaml", Map.Replace("x: y", "x: z", StringComparison.Ordinal)));

        var (results, notices) = await RunAsync(flux, "Kustomization/apps", new() { WithSource = true });
        var result = Assert.Single(results);
        Assert.Equal((ConditionStatus.True, $"main@sha1:{commit}", "ReconciliationSucceeded"), (result.Ready, result.Revision, result.Reason));
        Assert.DoesNotContain(notices, notice => notice is FailureNotice);
        Assert.Equal("z", Cells.Text(await flux.Client.FindObjectAsync(Types.ConfigMap, flux.Target, "a", Cluster.Stop), "data.x"));

        // Source and Kustomization, each with what cannot be undone.
        Assert.Equal(2, Journal.Read().Count(entry => entry is { State: JournalState.Started, Undo.Form: "None" }));
    }

    [Fact]
    public async Task A_change_of_its_own_manifest_arrives_by_the_chain()
    {
        const string Child = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: child, namespace: flux-system}\nspec: {interval: 10m, prune: true, path: ./one, sourceRef: {kind: GitRepository, name: flux-system}}\n";
        await using var flux = await StartAsync(("apps/child.yaml", Child), ("one/a.yaml", Map), ("two/a.yaml", Map.Replace("x: y", "x: two", StringComparison.Ordinal)));
        await flux.ReadyAsync("child");
        var commit = Commit(flux, "to two", ("apps/child.yaml", Child.Replace("./one", "./two", StringComparison.Ordinal)));

        var (results, _) = await RunAsync(flux, "Kustomization/child", new() { Chain = true });
        Assert.Equal((ConditionStatus.True, $"main@sha1:{commit}"), (results[0].Ready, results[0].Revision));
        Assert.Equal("two", Cells.Text(await flux.Client.FindObjectAsync(Types.ConfigMap, flux.Target, "a", Cluster.Stop), "data.x"));
    }

    [Fact]
    public async Task A_failure_is_told_at_once_in_the_words_of_the_controller()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        Commit(flux, "broken", ("apps/kustomization.yaml", "resources: [missing.yaml]\n"));

        var (results, notices) = await RunAsync(flux, "Kustomization/apps", new() { WithSource = true, Timeout = TimeSpan.FromMinutes(5) });
        Assert.Equal((ConditionStatus.False, "BuildFailed"), (results[0].Ready, results[0].Reason));
        var error = Assert.IsType<FailureNotice>(Assert.Single(notices, notice => notice is FailureNotice)).Error;
        Assert.Equal(("FluxReconcileFailed", ErrorKind.InvalidOperation), (error.Id, error.Kind));
        Assert.Contains("missing.yaml", error.Message, StringComparison.Ordinal);
        Assert.True(results[0].Duration < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_comes_before_it_and_fails_keeps_it_from_being_tried()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        flux.World.SetSourceFailure($"{flux.Space}/flux-system", "authentication required");

        var (results, notices) = await RunAsync(flux, "Kustomization/apps", new() { WithSource = true });
        Assert.Empty(results);
        Assert.Equal(["FluxReconcileFailed", "FluxReconcileSkipped"], notices.OfType<FailureNotice>().Select(notice => notice.Error.Id));
    }

    [Fact]
    public async Task Who_waits_for_a_dependency_is_told_the_end_of_the_chain_and_goes_on_when_it_is_mended()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("base/a.yaml", Late), ("middle/m.yaml", Map.Replace("name: a", "name: m", StringComparison.Ordinal)), ("top/t.yaml", Map.Replace("name: a", "name: t", StringComparison.Ordinal)));
        await flux.AddKustomizationAsync("base", "");
        await flux.AddKustomizationAsync("middle", ", dependsOn: [{name: base}]");
        await flux.AddKustomizationAsync("top", ", dependsOn: [{name: middle}]");
        await flux.ReadyAsync("base", "False", "ReconciliationFailed");
        await flux.ReadyAsync("middle", "False", "DependencyNotReady");
        await flux.ReadyAsync("top", "False", "DependencyNotReady");

        var warned = new TaskCompletionSource<string>();
        var running = RunAsync(flux, "Kustomization/top", new(), notice => warned.TrySetResult((notice as WarningNotice)?.Text ?? ""));
        Assert.Contains($"Kustomization/{flux.Space}/base", await warned.Task.WaitAsync(TimeSpan.FromMinutes(2), Cluster.Stop), StringComparison.Ordinal);

        var later = Placed(flux, "later");
        await flux.ApplyAsync($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {later}}}\n");
        await flux.RequestAsync(Types.Kustomization, "base");
        var (results, _) = await running;
        Assert.Equal(ConditionStatus.True, results[0].Ready);
        await flux.Client.DeleteAsync(ResourceType.Namespace, null, later, new DeleteRequest(), Cluster.Stop);
    }

    [Fact]
    public async Task Who_waits_for_something_that_looks_ready_is_told_that_and_never_itself()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map), ("base/b.yaml", Map.Replace("name: a", "name: b", StringComparison.Ordinal)), ("top/t.yaml", Map.Replace("name: a", "name: t", StringComparison.Ordinal)));
        await flux.AddKustomizationAsync("base", "");
        await flux.AddKustomizationAsync("top", ", dependsOn: [{name: base}]");
        await flux.ReadyAsync("base");
        await flux.ReadyAsync("top");

        // Its status says Ready, of a generation that is no more.
        await FluxSuspender.SuspendAsync(flux.Client, await FindAsync(flux, "Kustomization/base"), new(), Journal, Cluster.Stop);
        var warned = new TaskCompletionSource<string>();
        var running = RunAsync(flux, "Kustomization/top", new(), notice => warned.TrySetResult((notice as WarningNotice)?.Text ?? ""));
        Assert.Equal(
            $"Kustomization/{flux.Space}/top waits for Kustomization/{flux.Space}/base: dependency '{flux.Space}/base' is not ready",
            await warned.Task.WaitAsync(TimeSpan.FromMinutes(2), Cluster.Stop));

        await foreach (var _ in FluxSuspender.ResumeAsync(flux.Client, await FindAsync(flux, "Kustomization/base"), new() { NoWait = true }, Journal, Cluster.Stop))
        {
        }

        Assert.Equal(ConditionStatus.True, (await running).Results[0].Ready);
    }

    [Fact]
    public async Task Somebody_else_s_request_is_not_taken_for_this_one()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var many = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync(flux, "Kustomization/apps", new() { Timeout = TimeSpan.FromSeconds(3) })));

        // The last request wins the annotation; the others may run out of time, but none is answered by another's token.
        var answered = many.Where(run => run.Results.Count > 0).ToList();
        Assert.NotEmpty(answered);
        Assert.All(many, run => Assert.True(run.Results.Count > 0 || run.Notices.OfType<FailureNotice>().Any(notice => notice.Error.Id == "FluxReconcileTimeout")));
    }

    [Fact]
    public async Task A_controller_that_does_not_run_is_a_timeout_and_the_request_stays()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        flux.World.SetStopped("kustomize-controller", true);

        var (_, notices) = await RunAsync(flux, "Kustomization/apps", new() { Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(("FluxReconcileTimeout", ErrorKind.OperationTimeout), (Failure(notices).Id, Failure(notices).Kind));

        var asked = Cells.At(await flux.Client.FindObjectAsync(Types.Kustomization, flux.Space, "apps", Cluster.Stop), "metadata.annotations") as JsonObject;
        flux.World.SetStopped("kustomize-controller", false);
        await Cluster.UntilAsync(
            async () => Cells.Text(await flux.Client.FindObjectAsync(Types.Kustomization, flux.Space, "apps", Cluster.Stop), "status.lastHandledReconcileAt") == (string?)asked!["reconcile.fluxcd.io/requestedAt"],
            "the request is carried out");
    }

    [Fact]
    public async Task The_clock_of_the_cluster_does_not_matter()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        flux.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(ConditionStatus.True, Assert.Single((await RunAsync(flux, "Kustomization/apps", new() { WithSource = true })).Results).Ready);
    }

    [Fact]
    public async Task While_it_waits_it_says_that_the_request_stays()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var progress = (await RunAsync(flux, "Kustomization/apps", new())).Notices.OfType<ProgressNotice>().ToList();
        Assert.Equal([false, true], progress.Select(notice => notice.IsDone));
        Assert.Contains("the request stays", progress[0].Status, StringComparison.Ordinal);
        Assert.DoesNotContain((await RunAsync(flux, "Kustomization/apps", new() { NoWait = true })).Notices, notice => notice is ProgressNotice);
    }

    [Fact]
    public async Task A_source_that_is_not_seen_is_told_before_the_object_is_reconciled_without_it()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var found = await FluxTargets.FindAsync(flux.Client, [new("Kustomization/apps")], [flux.Space], [], Cluster.Stop);
        var plan = FluxReconcilePlan.Make(found.Targets, found.Targets, new() { WithSource = true });
        Assert.Equal($"GitRepository/{flux.Space}/flux-system", Assert.Single(plan.Unread).Source.ToString());
        Assert.Empty(FluxReconcilePlan.Make(found.Targets, found.All, new() { WithSource = true }).Unread);
        Assert.Empty(FluxReconcilePlan.Make(found.Targets, found.Targets, new()).Unread);
    }

    [Fact]
    public async Task An_object_that_is_deleted_meanwhile_is_an_error()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        flux.World.SetStopped("kustomize-controller", true);
        var running = RunAsync(flux, "Kustomization/apps", new());
        await Cluster.UntilAsync(async () => Cells.At(await flux.Client.FindObjectAsync(Types.Kustomization, flux.Space, "apps", Cluster.Stop), "metadata.annotations") is not null, "it is asked for");
        await flux.Client.PatchAsync(Types.Kustomization, flux.Space, "apps", PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cluster.Stop);
        await flux.Client.DeleteAsync(Types.Kustomization, flux.Space, "apps", new DeleteRequest(), Cluster.Stop);

        Assert.Equal("FluxResourceDeleted", Failure((await running).Notices).Id);
    }

    [Fact]
    public async Task A_suspension_says_who_and_why_and_its_end_undoes_all_of_it()
    {
        await using var flux = await StartAsync(("apps/a.yaml", Map));
        var target = await FindAsync(flux, "Kustomization/apps");
        var suspension = new FluxSuspension { By = "anna@desk", Reason = "new disk", Since = DateTime.Now, Until = DateTime.Now.AddHours(-1) };
        await FluxSuspender.SuspendAsync(flux.Client, target, suspension, Journal, Cluster.Stop);

        var suspended = await FindAsync(flux, "Kustomization/apps");
        Assert.Equal(("anna@desk", "new disk", true, "Suspended"), (suspended.Suspension!.By, suspended.Suspension.Reason, suspended.Suspension.IsOverdue, suspended.Reason));
        Assert.Contains("because: new disk", suspended.Message, StringComparison.Ordinal);
        Assert.Contains("because: new disk", Errors.FluxSuspended(suspended).Message, StringComparison.Ordinal);
        Assert.Equal("MergePatch", Journal.Read().First().Undo!.Form);

        // Once more with another reason: what undoes that is what was there.
        var again = await FluxSuspender.SuspendAsync(flux.Client, suspended, Suspensions.Over(suspended.Suspension, new() { By = "ben@couch", Reason = "new router" }), Journal, Cluster.Stop);
        Assert.Equal(suspended.Suspension with { By = "ben@couch", Reason = "new router" }, again.Suspension);
        Assert.Equal((await FindAsync(flux, "Kustomization/apps")).Suspension, again.Suspension);
        Assert.Equal(FluxSuspensions.Suspend(suspended.Suspension).ToJsonString(), Journal.Read().Last(entry => entry.State == JournalState.Started).Undo!.Value);

        var resumed = new List<FluxResource>();
        await foreach (var item in FluxSuspender.ResumeAsync(flux.Client, suspended, new(), Journal, Cluster.Stop))
        {
            resumed.AddRange(item.Value is { } value ? [value] : []);
        }

        Assert.Equal((ConditionStatus.True, false), (Assert.Single(resumed).Ready, resumed[0].Suspended));
        var left = (JsonObject)Cells.At(await flux.Client.FindObjectAsync(Types.Kustomization, flux.Space, "apps", Cluster.Stop), "metadata.annotations")!;
        Assert.DoesNotContain(left, annotation => annotation.Key.Contains("suspend", StringComparison.Ordinal));
    }

    private static HomelabException Failure(IEnumerable<Notice> notices) => notices.OfType<FailureNotice>().Last().Error;

    // The lab has objects of others, so that everything is in a namespace of the test.
    private static string Placed(FluxCluster flux, string text) => text
        .Replace("namespace: default", $"namespace: {flux.Target}", StringComparison.Ordinal)
        .Replace("namespace: flux-system", $"namespace: {flux.Space}", StringComparison.Ordinal)
        .Replace("later", $"{flux.Space}-later", StringComparison.Ordinal);

    private static string Commit(FluxCluster flux, string message, params (string Path, string? Text)[] files) =>
        flux.Git.Commit(message, [.. files.Select(file => (file.Path, file.Text is null ? null : Placed(flux, file.Text)))]);

    private protected Task<FluxCluster> StartAsync() => StartAsync(("apps/a.yaml", Map));

    private async Task<FluxCluster> StartAsync(params (string Path, string? Text)[] files)
    {
        var flux = await FluxCluster.StartAsync(isLab);
        Commit(flux, "one", files);
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        return flux;
    }

    private static async Task<FluxResource> FindAsync(FluxCluster flux, string name) => Assert.Single((await FluxTargets.FindAsync(flux.Client, [new(name)], [flux.Space], [], Cluster.Stop)).Targets);

    private async Task<(List<FluxReconcileResult> Results, List<Notice> Notices)> RunAsync(FluxCluster flux, string name, FluxReconcileOptions options, Action<Notice>? told = null)
    {
        var found = await FluxTargets.FindAsync(flux.Client, [new(name)], [flux.Space], [], Cluster.Stop);
        var plan = FluxReconcilePlan.Make(found.Targets, found.All, options);
        var (results, notices) = (new List<FluxReconcileResult>(), new List<Notice>());
        await foreach (var item in FluxReconciler.RunAsync(flux.Client, plan, options, Journal, Cluster.Stop))
        {
            if (item.Notice is { } notice)
            {
                notices.Add(notice);
                if (notice is WarningNotice)
                {
                    told?.Invoke(notice);
                }
            }
            else
            {
                results.Add(item.Value!);
            }
        }

        return (results, notices);
    }
}
