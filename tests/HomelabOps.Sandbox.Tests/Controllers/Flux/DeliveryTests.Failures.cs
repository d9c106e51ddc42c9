using HomelabOps.Sandbox.Faults;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <content>Releases that fail, or stand still, while their commit is on its way.</content>
public sealed partial class DeliveryTests
{
    [Fact]
    public async Task A_release_that_fails_is_told_with_its_words()
    {
        await StartAsync(("apps/release.yaml", Release));
        await FailsAsync();
    }

    // The Kustomization fails for it at once, and may be seen first.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_that_fails_is_told_while_its_Kustomization_waits_for_it(bool isSeenLate)
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        await Flux.AddKustomizationAsync("apps", ", wait: true, timeout: 10m");
        using var late = isSeenLate ? Flux.Cluster.Server.Faults.Add(new WireFault(WireFaultKind.Slow) { Verb = "watch", Resource = "helmreleases.helm.toolkit.fluxcd.io", Delay = TimeSpan.FromMinutes(2) }) : null;
        await FailsAsync();
    }

    [Fact]
    public async Task A_release_that_had_failed_before_anybody_looked_is_told_as_well()
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        await Flux.AddKustomizationAsync("apps", ", wait: true, timeout: 10m");
        var commit = await BreakReleaseAsync();
        await Flux.FetchAsync();
        await Flux.ReadyAsync("apps", "False", "HealthCheckFailed");
        var (_, failures) = await DeliverAsync(commit, ["flux-system/apps"], AppRelease);
        Assert.Equal("FluxReconcileFailed", Assert.Single(failures).Id);
        Assert.Contains(_warnings, warning => warning.Contains("the chart is broken", StringComparison.Ordinal));
    }

    // Whether it is seen to be new when it is read first or only afterwards.
    [Fact]
    public async Task A_release_that_comes_with_the_commit_and_fails_is_told()
    {
        await StartAsync(("apps/map.yaml", Map));
        await Flux.AddKustomizationAsync("apps", ", wait: true, timeout: 10m");
        await FailsAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData(", wait: true, timeout: 10m")]
    public async Task A_release_that_is_suspended_lets_no_commit_past(string more)
    {
        await StartAsync(("apps/release.yaml", Release));
        await SettledAsync("app", "ghcr.io/app:1");
        await Flux.AddKustomizationAsync("apps", more);
        var commit = Flux.Git.Commit("two", ("apps/release.yaml", Release.Replace("interval: 1h\n  chartRef", "interval: 1h\n  suspend: true\n  chartRef", StringComparison.Ordinal)));
        var (runs, failures) = await DeliverAsync(commit, ["flux-system/apps"], AppRelease);
        Assert.Equal((false, "DeliverySuspended"), (runs, Assert.Single(failures).Id));
    }

    private async Task<string> BreakReleaseAsync()
    {
        Flux.World.SetReleaseFailure("default/app", "the chart is broken");

        // Everything is looked at anew for that, and the commit is not for this look.
        await Flux.FetchAsync();
        return Flux.Git.Commit("two", ("apps/release.yaml", Release.Replace("tag: '1'", "tag: '2'", StringComparison.Ordinal)));
    }

    private async Task FailsAsync()
    {
        var (runs, failures) = await DeliverAsync(await BreakReleaseAsync(), ["flux-system/apps"], AppRelease);
        Assert.False(runs);
        Assert.True(failures is [{ Id: "DeliveryFailed" }], string.Join("; ", failures.Select(failure => failure.Message)));
        Assert.Contains("the chart is broken", failures[0].Message, StringComparison.Ordinal);
    }
}
