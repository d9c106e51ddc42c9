using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>The Secret of MetalLB's webhook.</summary>
public sealed class MetalLBFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task Without_its_Secret_the_controller_is_not_created() => homelab.ProveAsync(
        "MetalLBSecretMissing",
        null,
        TimeSpan.FromSeconds(5),
        ("no Secret", it => Task.FromResult(it.Host.Informer(Types.Secret).Find("metallb-system", "metallb-webhook-cert") is null)),
        ("ContainerCreating", it => Task.FromResult(Waits(it, "ContainerCreating"))),
        ("FailedMount", it => FaultyHomelab.HasEventAsync(it, "FailedMount", "secret \"metallb-webhook-cert\" not found")));

    [Fact]
    public Task With_a_Secret_of_another_name_it_crashes() => homelab.ProveAsync(
        "MetalLBSecretRenamed",
        null,
        TimeSpan.FromSeconds(5),
        ("CrashLoopBackOff", it => Task.FromResult(Waits(it, "CrashLoopBackOff"))),
        ("the Secret of the other name", it => Task.FromResult(it.Host.Informer(Types.Secret).Find("metallb-system", "webhook-server-cert") is not null)));

    // Flux never applied the commit that had it, so it would not delete it.
    [Fact]
    public async Task One_that_was_made_by_hand_goes_as_well()
    {
        await homelab.UntilWellAsync();
        var missing = await homelab.Faults.SwitchOnAsync("MetalLBSecretMissing", null, Stop);
        await SuspendAsync(true);
        await missing.SwitchOffAsync(Stop);
        await homelab.Homelab.Client.CreateAsync(Types.Secret, "metallb-system", new() { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "metallb-webhook-cert" } }, Stop);
        var tip = homelab.Homelab.Repository.Tip();
        var renaming = homelab.Faults.SwitchOnAsync("MetalLBSecretRenamed", null, Stop);
        await Controllers.Cluster.UntilAsync(() => Task.FromResult(homelab.Homelab.Repository.Tip() != tip), "the Secret is renamed in Git");
        await SuspendAsync(false);
        await using (var renamed = await renaming)
        {
            Assert.True(await renamed.IsInEffectAsync(Stop));
        }

        await homelab.UntilWellAsync();
    }

    [Fact]
    public Task An_expired_certificate_stays() => homelab.ProveAsync(
        "MetalLBCertificateExpired",
        null,
        TimeSpan.FromSeconds(5),
        ("expired", it => Task.FromResult(End(it) < it.Clock.GetUtcNow())),
        ("Flux cannot apply pools, and all else of MetalLB", it => Task.FromResult(Says(it, "infrastructure-metallb-config", "certificate has expired") && Says(it, "infrastructure-metallb", "Applied revision"))),
        ("still expired when all has come to rest", it => Task.FromResult(it.Host.IsIdle && End(it) < it.Clock.GetUtcNow())));

    private Task<JsonObject> SuspendAsync(bool isSuspended) => homelab.Homelab.Client.PatchAsync(Types.Kustomization, "flux-system", "infrastructure-metallb", PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = isSuspended } }, Stop);

    // Null until the informer has seen one: in a fresh homelab the controller makes it a little later.
    private static DateTimeOffset? End(EmbeddedHomelab it)
    {
        if ((string?)Cells.At(it.Host.Informer(Types.Secret).Find("metallb-system", "metallb-webhook-cert"), "data")?["tls.crt"] is not { } text)
        {
            return null;
        }

        using var certificate = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        return new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
    }

    private static bool Says(EmbeddedHomelab it, string kustomization, string text) =>
        Cells.Items(it.Host.Informer(Types.Kustomization).Find("flux-system", kustomization), "status.conditions").Any(condition => Cells.Text(condition, "type") == "Ready" && Cells.Text(condition, "message").Contains(text, StringComparison.Ordinal));

    private static bool Waits(EmbeddedHomelab it, string reason) => it.Host.Informer(ResourceType.Pod).In("metallb-system").Any(pod =>
        Cells.Text(pod, "metadata.labels.component") == "controller" && Cells.Items(pod, "status.containerStatuses").Any(status => Cells.Text(status, "state.waiting.reason") == reason));
}
