using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Pods that do not come up, each for another reason.</summary>
public sealed class PodFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Theory]
    [InlineData("CrashLoop", "CrashLoopBackOff", "back-off", "BackOff", "Back-off restarting failed container")]
    [InlineData("OutOfMemory", "CrashLoopBackOff", "back-off", "BackOff", "Back-off restarting failed container")]
    [InlineData("ImageNotFound", "ImagePullBackOff", "not found", "Failed", "-missing")]
    [InlineData("ImageUnauthorized", "ImagePullBackOff", "authoriz", "Failed", "registry.home.arpa/private/sonarr")]
    [InlineData("ImageRegistryUnreachable", "ImagePullBackOff", "Back-off pulling image", "Failed", "registry.home.arpa/mirror/sonarr")]
    [InlineData("ImageRateLimited", "ImagePullBackOff", "Back-off pulling image", "Failed", "Too Many Requests")]
    [InlineData("ConfigMapMissing", "CreateContainerConfigError", "configmap \"sonarr-settings\" not found", "Failed", "configmap \"sonarr-settings\" not found")]
    [InlineData("SecretMissing", "CreateContainerConfigError", "secret \"sonarr-api\" not found", "Failed", "secret \"sonarr-api\" not found")]
    [InlineData("ConfigMapKeyMissing", "CreateContainerConfigError", "couldn't find key API_KEY in ConfigMap media/sonarr-settings", "Failed", "couldn't find key API_KEY in ConfigMap media/sonarr-settings")]
    [InlineData("SecretKeyMissing", "CreateContainerConfigError", "couldn't find key API_KEY in Secret media/sonarr-api", "Failed", "couldn't find key API_KEY in Secret media/sonarr-api")]
    public Task Its_container_waits_and_says_why(string fault, string reason, string message, string eventReason, string words) => homelab.ProveAsync(
        fault,
        "sonarr",
        TimeSpan.FromSeconds(10),
        ("the container waits", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Items(pod, "status.containerStatuses").Any(status =>
            Cells.Text(status, "state.waiting.reason") == reason && Cells.Text(status, "state.waiting.message").Contains(message, StringComparison.OrdinalIgnoreCase))))),
        ("an event", it => FaultyHomelab.HasEventAsync(it, eventReason, words)));

    [Fact]
    public async Task An_image_that_a_node_has_from_the_last_time_cannot_be_had_the_next_time()
    {
        const string Image = "registry.home.arpa/private/sonarr";
        for (var times = 0; times < 2; times++)
        {
            var pulling = "";
            await homelab.ProveAsync(
                "ImageUnauthorized",
                "sonarr",
                TimeSpan.FromSeconds(10),
                ("the container waits", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Items(pod, "status.containerStatuses").Any(status =>
                    Cells.Text(status, "state.waiting.reason") == "ImagePullBackOff" && (pulling = Cells.Text(status, "image")).StartsWith(Image, StringComparison.Ordinal))))));
            homelab.Homelab.Nodes.Nodes.ToList().ForEach(node => node.AddImage(pulling));
        }
    }

    [Fact]
    public Task A_container_without_enough_memory_is_killed() => homelab.ProveAsync(
        "OutOfMemory",
        "radarr",
        TimeSpan.FromSeconds(5),
        ("OOMKilled", it => Task.FromResult(FaultyHomelab.PodsOf(it, "radarr").Any(pod => Cells.Items(pod, "status.containerStatuses").Any(status =>
            Cells.Text(status, "lastState.terminated.reason") == "OOMKilled" && Cells.Number(status, "lastState.terminated.exitCode") == 137)))));

    [Fact]
    public Task A_container_whose_liveness_probe_fails_is_started_anew() => homelab.ProveAsync(
        "ProbeFailure",
        null,
        TimeSpan.FromSeconds(15),
        ("restarts", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Items(pod, "status.containerStatuses").Any(status => Cells.Number(status, "restartCount") > 0)))),
        ("Unhealthy", it => FaultyHomelab.HasEventAsync(it, "Unhealthy", "Liveness probe failed")),
        ("Killing", it => FaultyHomelab.HasEventAsync(it, "Killing", "failed liveness probe, will be restarted")));

    [Fact]
    public Task An_application_that_is_never_ready_fails_the_health_check() => homelab.ProveAsync(
        "HealthCheckFailed",
        "sonarr",
        TimeSpan.FromSeconds(30),
        ("the pod runs and is not ready", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Text(pod, "status.phase") == "Running" && !FaultyHomelab.IsReady(pod)))),
        ("HealthCheckFailed", it => Task.FromResult(Cells.Text(FaultyHomelab.Condition(it.Host.Informer(Types.Kustomization).Find("flux-system", "apps"), "Ready"), "reason") == "HealthCheckFailed"
            && Cells.Text(FaultyHomelab.Condition(it.Host.Informer(Types.Kustomization).Find("flux-system", "apps"), "Ready"), "message").Contains("Deployment/media/sonarr", StringComparison.Ordinal))));

    [Fact]
    public Task A_pod_that_no_node_wants_is_not_scheduled() => homelab.ProveAsync(
        "PodUnschedulable",
        "sonarr",
        TimeSpan.FromSeconds(5),
        ("Unschedulable", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => Cells.Text(FaultyHomelab.Condition(pod, "PodScheduled"), "reason") == "Unschedulable"))),
        ("FailedScheduling", it => FaultyHomelab.HasEventAsync(it, "FailedScheduling", "didn't match Pod's node affinity/selector")));
}
