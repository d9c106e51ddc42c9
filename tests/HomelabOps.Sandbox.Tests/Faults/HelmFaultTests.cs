using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>A release that Helm cannot bring about.</summary>
public sealed class HelmFaultTests(HelmFaultTests.WithRelease homelab) : IClassFixture<HelmFaultTests.WithRelease>
{
    [Fact]
    public Task A_release_fails_and_is_released_again() => homelab.ProveAsync(
        "HelmReleaseFailed",
        "media/tautulli",
        TimeSpan.FromSeconds(10),
        ("UpgradeFailed", it => Task.FromResult(it.Host.Informer(Types.HelmRelease).Find("media", "tautulli") is { } release && !FaultyHomelab.IsReady(release)
            && Cells.Text(FaultyHomelab.Condition(release, "Released"), "reason") == "UpgradeFailed")));

    /// <summary>Large enough to have a HelmRelease.</summary>
    public sealed class WithRelease : FaultyHomelab
    {
        protected override int Apps => 11;
    }
}
