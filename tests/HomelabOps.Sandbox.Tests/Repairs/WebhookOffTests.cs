using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Repairs;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Diagnosis;

namespace HomelabOps.Sandbox.Tests.Repairs;

/// <summary>A homelab without BGP chooses to do without MetalLB's webhook.</summary>
public sealed class WebhookOffTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>, IDisposable
{
    private const string Space = "metallb-system";
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-repair-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_switched_off_in_one_commit_where_Flux_applies_it_and_only_there()
    {
        await homelab.UntilNothingIsFoundAsync();
        await using var fault = await homelab.Faults.SwitchOnAsync("MetalLBCertificateExpired", null, Stop);
        IReadOnlyList<HomelabFinding> found = [];
        await homelab.UntilAsync(async () => (found = await homelab.FindAsync()) is [{ Reason: "WebhookExpired" }], "the certificate has expired", TimeSpan.FromSeconds(20));

        // The certificate comes first where it can be mended; here Flux makes its Secret.
        var (finding, choice) = (found[0], Assert.Single(found[0].Choices));
        Assert.Equal((HomelabRepairKind.DisableWebhook, "Deployment/metallb-system/controller", (HomelabRepairAction?)null), (choice.Kind, $"{choice.Target}", finding.Repair));

        // What is chosen mends whatever is wrong with the webhook by now.
        Assert.Empty(await new RepairProof(homelab.Homelab.Client, new()).OutdatedAsync([(finding with { Reason = "WebhookCaMismatch" }, choice)], Stop));
        await RefusesWhatFluxDoesNotApplyAsync(choice);
        Assert.Equal("RepositoryRequired", (await Assert.ThrowsAsync<HomelabException>(() => RunAsync(choice, null))).Id);

        var repair = RunAsync(choice, homelab.Homelab.RepositoryPath);
        await homelab.UntilAsync(() => Task.FromResult(repair.IsCompleted), "it is repaired", TimeSpan.FromSeconds(5));
        await repair;
        await homelab.UntilAsync(async () => (await homelab.FindAsync()).Count == 0, "nothing is found", TimeSpan.FromSeconds(5));
        Assert.Equal([HomelabRepairResult.Gone], await new RepairProof(homelab.Homelab.Client, new()).ProveAsync([finding with { Repair = choice }], Stop));
        using var git = new LibGit2Sharp.Repository(homelab.Homelab.RepositoryPath);
        var tip = git.Branches["origin/main"].Tip;
        Assert.Equal("Switch off the webhook of MetalLB", tip.MessageShort);
        Assert.Equal(["controller.yaml", "webhook.yaml"], git.Diff.Compare<LibGit2Sharp.TreeChanges>(tip.Parents.First().Tree, tip.Tree).Select(change => Path.GetFileName(change.Path)).Order(StringComparer.Ordinal));

        // Once more there is nothing to do.
        var made = new ChangeJournal(_folder).Read().Count();
        await RunAsync(choice, null);
        Assert.Equal(made, new ChangeJournal(_folder).Read().Count());
    }

    private async Task RefusesWhatFluxDoesNotApplyAsync(HomelabRepairAction choice)
    {
        await LabelAsync(null, null);
        try
        {
            var error = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(choice, homelab.Homelab.RepositoryPath));
            Assert.Equal("WebhookNotInGit", error.Id);
            Assert.Contains("--webhook-mode=disabled", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await LabelAsync("infrastructure-metallb", "flux-system");
        }
    }

    private Task<JsonObject> LabelAsync(string? name, string? space) => homelab.Homelab.Client.PatchAsync(
        Types.Deployment,
        Space,
        "controller",
        PatchKind.Merge,
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["kustomize.toolkit.fluxcd.io/name"] = name, ["kustomize.toolkit.fluxcd.io/namespace"] = space } } },
        Stop);

    private async Task RunAsync(HomelabRepairAction action, string? repository)
    {
        await foreach (var _ in new HomelabRepairer(homelab.Homelab.Client, new() { Repository = repository }, new(_folder)).RunAsync(action, Stop))
        {
        }
    }
}
