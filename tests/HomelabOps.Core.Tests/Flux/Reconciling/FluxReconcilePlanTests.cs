using HomelabOps.Core.Flux.Reconciling;

namespace HomelabOps.Core.Tests.Flux.Reconciling;

public sealed class FluxReconcilePlanTests
{
    private static readonly FluxResource Git = Make("GitRepository", "flux-system");
    private static readonly FluxResource Root = Make("Kustomization", "flux-system") with { Source = Git.Reference };
    private static readonly FluxResource Apps = Make("Kustomization", "apps") with { Source = Git.Reference, Owner = Root.Reference };
    private static readonly FluxResource Charts = Make("HelmRepository", "charts") with { Owner = Apps.Reference };
    private static readonly FluxResource Chart = Make("HelmChart", "flux-system-sonarr") with { Source = Charts.Reference };
    private static readonly FluxResource Release = Make("HelmRelease", "sonarr") with { Source = Charts.Reference, Owner = Apps.Reference };

    private static readonly FluxResource[] All = [Git, Root, Apps, Charts, Chart, Release];

    [Fact]
    public void Alone_it_is_one_step() => Assert.Equal(["HelmRelease/sonarr"], Order([Release], new()));

    [Fact]
    public void With_source_the_chart_and_its_repository_come_first() =>
        Assert.Equal(["HelmRepository/charts", "HelmChart/flux-system-sonarr", "HelmRelease/sonarr"], Order([Release], new() { WithSource = true }));

    [Fact]
    public void The_chain_begins_at_the_top() => Assert.Equal(
        ["GitRepository/flux-system", "Kustomization/flux-system", "Kustomization/apps", "HelmRepository/charts", "HelmChart/flux-system-sonarr", "HelmRelease/sonarr"],
        Order([Release], new() { Chain = true }));

    [Fact]
    public void Each_step_waits_for_what_applies_it()
    {
        var plan = FluxReconcilePlan.Make([Release], All, new() { Chain = true });
        Assert.Contains(Root.Reference, Step(plan, Apps).After);
        Assert.Contains(Git.Reference, Step(plan, Root).After);
        Assert.Contains(Apps.Reference, Step(plan, Charts).After.Concat(Step(plan, Release).After));
        Assert.True(Step(plan, Release).IsTarget);
        Assert.False(Step(plan, Apps).IsTarget);
    }

    [Fact]
    public void What_is_asked_for_together_runs_in_the_order_of_dependencies()
    {
        var storage = Make("Kustomization", "storage");
        var apps = Make("Kustomization", "apps") with { DependsOn = [storage.Reference] };
        var plan = FluxReconcilePlan.Make([apps, storage], [apps, storage], new());
        Assert.Equal([storage.Reference], Step(plan, apps).After);
        Assert.Empty(Step(plan, storage).After);
    }

    [Fact]
    public void Who_depends_on_each_other_does_not_wait_for_ever()
    {
        var a = Make("Kustomization", "a");
        var b = Make("Kustomization", "b") with { DependsOn = [a.Reference] };
        a = a with { DependsOn = [b.Reference], Owner = b.Reference };
        b = b with { Owner = a.Reference };
        var plan = FluxReconcilePlan.Make([a, b], [a, b], new() { Chain = true });
        Assert.Equal(2, Sorted(plan).Count);
    }

    [Fact]
    public void A_chart_reference_needs_no_chart_object()
    {
        var source = Make("OCIRepository", "sonarr");
        var release = Make("HelmRelease", "sonarr") with { Source = source.Reference };
        Assert.Equal(["OCIRepository/sonarr", "HelmRelease/sonarr"], Order([release], new() { WithSource = true }, [source, release]));
    }

    [Fact]
    public void A_source_that_nobody_works_on_is_left_out()
    {
        var source = Make("HelmRepository", "oci") with { Reason = "Static" };
        var release = Make("HelmRelease", "sonarr") with { Source = source.Reference };
        Assert.Equal(["HelmRelease/sonarr"], Order([release], new() { WithSource = true }, [source, release]));
    }

    private static FluxResource Make(string kind, string name) => new() { Cluster = "c", Kind = kind, Namespace = "flux-system", Name = name };

    private static FluxReconcileStep Step(FluxReconcilePlan plan, FluxResource resource) => plan.Steps.Single(step => step.Resource.Reference == resource.Reference);

    private static IEnumerable<string> Order(IEnumerable<FluxResource> targets, FluxReconcileOptions options, IEnumerable<FluxResource>? all = null) =>
        Sorted(FluxReconcilePlan.Make(targets, all ?? All, options)).Select(resource => $"{resource.Kind}/{resource.Name}");

    // As they can be carried out; fails where some wait for each other.
    private static List<FluxResource> Sorted(FluxReconcilePlan plan)
    {
        var done = new List<FluxResource>();
        while (done.Count < plan.Steps.Count)
        {
            var next = plan.Steps.FirstOrDefault(step => !done.Contains(step.Resource) && step.After.All(before => done.Exists(item => item.Reference == before)));
            Assert.NotNull(next);
            done.Add(next.Resource);
        }

        return done;
    }
}
