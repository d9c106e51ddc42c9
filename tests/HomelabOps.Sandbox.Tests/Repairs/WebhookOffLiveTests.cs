using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.MetalLB;
using HomelabOps.Core.Repairs;
using HomelabOps.Sandbox.Tests.Diagnosis;

namespace HomelabOps.Sandbox.Tests.Repairs;

/// <summary>What is done about MetalLB's webhook in the cluster itself, whether Flux comes or not.</summary>
public sealed class WebhookOffLiveTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>, IDisposable
{
    private const string Space = "metallb-system";
    private static readonly ResourceType Kustomization = new("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", true);
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-repair-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ClusterClient Client => homelab.Homelab.Client;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_server_does_not_insist_any_more_although_Flux_does_not_come()
    {
        await homelab.UntilNothingIsFoundAsync();
        await Client.PatchAsync(Kustomization, "flux-system", "infrastructure-metallb", PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = true } }, Stop);
        Assert.Contains(await EntriesAsync(), entry => !entry.IsOptional);

        var action = new HomelabRepairAction { Kind = HomelabRepairKind.DisableWebhook, Target = new(Client.Name, "Deployment", Space, "controller") };
        await foreach (var _ in new HomelabRepairer(Client, new() { Repository = homelab.Homelab.RepositoryPath, NoWait = true }, new(_folder)).RunAsync(action, Stop))
        {
        }

        var entries = await EntriesAsync();
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.True(entry.IsOptional, entry.Text));
        Assert.Equal(["Commit", MetalLBTypes.WebhookConfiguration.Kind], new ChangeJournal(_folder).Read().Select(entry => entry.Kind).OfType<string>().Distinct());
    }

    [Fact]
    public async Task Where_peers_of_BGP_may_not_be_seen_nobody_knows_that_there_are_none()
    {
        // A client as users have it: the homelab's own are not met by what goes wrong on the way.
        using var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([homelab.Homelab.KubeConfigPath]), null));
        Assert.False((await MetalLBWebhookReader.ReadAsync(client, Space, Stop)).UsesBgp);
        await using var fault = await homelab.Faults.SwitchOnAsync("WireForbidden", "bgppeers.metallb.io", Stop);
        var facts = await MetalLBWebhookReader.ReadAsync(client, Space, Stop);
        Assert.Null(facts.UsesBgp);
        Assert.False(MetalLBWebhookJudge.CanDoWithout(facts));
    }

    private async Task<List<WebhookCaller>> EntriesAsync() =>
        [.. ((await MetalLBWebhookReader.ReadAsync(Client, Space, Stop)).Callers ?? []).Where(caller => caller.Entry.Length > 0)];
}
