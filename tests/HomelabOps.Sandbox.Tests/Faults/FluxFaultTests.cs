using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>What Flux reads, builds and applies goes wrong.</summary>
public sealed class FluxFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Theory]
    [InlineData("BuildError", "sonarr", "apps", "BuildFailed", "settings.yaml")]
    [InlineData("ImmutableField", "sonarr", "apps", "ReconciliationFailed", "field is immutable")]
    [InlineData("DependencyNotReady", "apps", "apps", "DependencyNotReady", "dependency 'flux-system/infrastructure-databases' not found")]
    [InlineData("PathMissing", "flux-system/infrastructure-traefik", "infrastructure-traefik", "ArtifactFailed", "no such file or directory")]
    public Task Its_Kustomization_is_not_ready_and_says_why(string fault, string target, string kustomization, string reason, string message) => homelab.ProveAsync(
        fault,
        target,
        TimeSpan.FromSeconds(10),
        (reason, it => Shows(it, Types.Kustomization, kustomization, reason, message)),
        ("an event", it => FaultyHomelab.HasEventAsync(it, reason, message)));

    [Theory]
    [InlineData("GitAuthentication", "GitOperationFailed", "authentication required")]
    [InlineData("GitUnreachable", "GitOperationFailed", "i/o timeout")]
    [InlineData("GitSecretMissing", "AuthenticationFailed", "failed to get secret 'flux-system/git-credentials': secrets \"git-credentials\" not found")]
    public Task A_source_is_not_ready_and_says_why(string fault, string reason, string message) => homelab.ProveAsync(
        fault,
        null,
        TimeSpan.FromSeconds(20),
        (reason, it => Shows(it, Types.GitRepository, "flux-system", reason, message)));

    [Fact]
    public Task A_suspended_Kustomization_stays_as_it_is() => homelab.ProveAsync(
        "SuspendedForgotten",
        null,
        TimeSpan.FromSeconds(10),
        ("suspended, and Ready as before", it => Task.FromResult(it.Host.Informer(Types.Kustomization).Find("flux-system", "apps") is { } apps && (bool?)Cells.At(apps, "spec.suspend") == true && FaultyHomelab.IsReady(apps))),
        ("behind", it => Task.FromResult(Revision(it, "infrastructure-storage").EndsWith(it.Repository.Tip(), StringComparison.Ordinal) && !Revision(it, "apps").EndsWith(it.Repository.Tip(), StringComparison.Ordinal))));

    [Theory]
    [InlineData("ManifestDeleted")]
    [InlineData("ManifestUnlisted")]
    public Task A_workload_that_Git_does_not_have_is_pruned(string fault) => homelab.ProveAsync(
        fault,
        "sonarr",
        TimeSpan.FromSeconds(5),
        ("no Deployment", it => Task.FromResult(it.Host.Informer(Types.Deployment).Find("media", "sonarr") is null)),
        ("no pod", it => Task.FromResult(!FaultyHomelab.PodsOf(it, "sonarr").Any())),
        ("the claim is kept", it => Task.FromResult(it.Host.Informer(Types.PersistentVolumeClaim).Find("media", "pvc-sonarr") is not null)));

    private static string Revision(EmbeddedHomelab it, string name) => Cells.Text(it.Host.Informer(Types.Kustomization).Find("flux-system", name), "status.lastAppliedRevision");

    private static Task<bool> Shows(EmbeddedHomelab it, ResourceType type, string name, string reason, string message)
    {
        JsonObject? ready = FaultyHomelab.Condition(it.Host.Informer(type).Find("flux-system", name), "Ready");
        return Task.FromResult(Cells.Text(ready, "status") == "False" && Cells.Text(ready, "reason") == reason && Cells.Text(ready, "message").Contains(message, StringComparison.Ordinal));
    }
}
