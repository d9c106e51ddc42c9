using HomelabOps.Core;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Faults.Effects;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Switching by name: what is known, what is on, and what somebody else has mended.</summary>
public sealed class HomelabFaultsTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_has_a_name_of_its_own_and_says_what_it_is()
    {
        Assert.Equal(HomelabFaults.Known.Count, HomelabFaults.Known.Select(fault => fault.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(HomelabFaults.Known, fault => Assert.EndsWith(".", fault.Description, StringComparison.Ordinal));
        Assert.True(HomelabFaults.Known.Count >= 60, $"{HomelabFaults.Known.Count}");
    }

    [Fact]
    public void A_homelab_of_the_usual_size_has_a_target_for_each()
    {
        var plan = new HomelabPlan(new SandboxOption());
        Assert.All(FaultCatalog.All, definition => Assert.NotEmpty(definition.Targets(plan)));
    }

    [Fact]
    public async Task An_unknown_name_or_target_is_told_with_those_that_are_known()
    {
        var name = await Assert.ThrowsAsync<HomelabException>(() => homelab.Faults.SwitchOnAsync("NodeGone", null, Stop));
        Assert.Equal("SandboxFaultUnknown", name.Id);
        Assert.Contains("NodeDown", name.Message, StringComparison.Ordinal);
        var target = await Assert.ThrowsAsync<HomelabException>(() => homelab.Faults.SwitchOnAsync("NodeDown", "k3s-w9", Stop));
        Assert.Equal("SandboxFaultTargetUnknown", target.Id);
        Assert.Contains("k3s-w1", target.Message, StringComparison.Ordinal);
        Assert.Empty(homelab.Faults.On);
    }

    [Fact]
    public async Task One_that_finds_nothing_to_break_says_so_and_is_not_on()
    {
        await homelab.UntilWellAsync();
        await homelab.Faults.SwitchOnAsync("ManifestDeleted", "sonarr", Stop);
        var error = await Assert.ThrowsAsync<HomelabException>(() => homelab.Faults.SwitchOnAsync("ImageNotFound", "sonarr", Stop));
        Assert.Equal("SandboxFaultNotPossible", error.Id);
        Assert.Contains("deployment.yaml", error.Message, StringComparison.Ordinal);
        Assert.Equal(["ManifestDeleted"], homelab.Faults.On.Select(fault => fault.Fault.Name));
        await homelab.Faults.SwitchAllOffAsync(Stop);
        await homelab.UntilWellAsync();
    }

    [Fact]
    public async Task One_that_is_on_is_not_switched_on_twice()
    {
        await using var first = await homelab.Faults.SwitchOnAsync("nfsstale", null, Stop);
        Assert.Same(first, await homelab.Faults.SwitchOnAsync("NfsStale", "k3s-w1:/data/media", Stop));
        await homelab.Faults.SwitchOffAsync("NfsStale", null, Stop);
        Assert.False(first.IsOn);
        Assert.Empty(homelab.Faults.On);
        await homelab.Faults.SwitchOffAsync("NfsStale", null, Stop);
    }

    [Fact]
    public async Task What_was_mended_by_hand_is_no_longer_in_effect_and_switches_off_cleanly()
    {
        await using var fault = await homelab.Faults.SwitchOnAsync("NfsStale", null, Stop);
        homelab.Homelab.Nodes.Node("k3s-w1").SetMount("/data/media", MountFault.None);
        Assert.True(fault.IsOn);
        Assert.False(await fault.IsInEffectAsync(Stop));
    }

    [Fact]
    public async Task A_commit_that_was_reverted_by_its_owner_is_left_alone()
    {
        await homelab.UntilWellAsync();
        var repository = homelab.Homelab.Repository;
        var fault = await homelab.Faults.SwitchOnAsync("ImageNotFound", "sonarr", Stop);
        var scene = new FaultScene(homelab.Homelab, new HomelabPlan(new SandboxOption { Apps = 5 }));
        var file = "clusters/homelab/apps/media/sonarr/deployment.yaml";
        await new RemoteBranch(scene).CommitAsync("Update sonarr", [FileEdit.Of(file, text => ManifestText.Set(text, "", "image", _ => "lscr.io/linuxserver/sonarr:4.0.16"))], Stop);
        Assert.False(await fault.IsInEffectAsync(Stop));
        var tip = repository.Tip();
        await fault.SwitchOffAsync(Stop);
        Assert.Equal(tip, repository.Tip());
        await new RemoteBranch(scene).CommitAsync("Go back", [FileEdit.Of(file, text => ManifestText.Set(text, "", "image", _ => "lscr.io/linuxserver/sonarr:4.0.15"))], Stop);
        await homelab.UntilWellAsync();
    }

    [Fact]
    public async Task Other_commits_in_between_are_kept()
    {
        await homelab.UntilWellAsync();
        var scene = new FaultScene(homelab.Homelab, new HomelabPlan(new SandboxOption { Apps = 5 }));
        var branch = new RemoteBranch(scene);
        var file = "clusters/homelab/apps/media/radarr/deployment.yaml";
        var fault = await homelab.Faults.SwitchOnAsync("ProbeFailure", "radarr", Stop);
        await branch.CommitAsync("Give radarr more", [FileEdit.Of(file, text => ManifestText.Set(text, "limits:", "memory", _ => "2Gi"))], Stop);
        Assert.True(await fault.IsInEffectAsync(Stop));
        await fault.SwitchOffAsync(Stop);
        var text = branch.Read(file)!;
        Assert.Contains("memory: 2Gi", text, StringComparison.Ordinal);
        Assert.DoesNotContain("port: 9\n", text, StringComparison.Ordinal);
        await homelab.UntilWellAsync();
    }

    [Fact]
    public async Task The_clone_of_the_owner_is_brought_along_unless_he_works_in_it()
    {
        var file = Path.Combine(homelab.Homelab.RepositoryPath, "clusters", "homelab", "apps", "media", "plex", "deployment.yaml");
        var fault = await homelab.Faults.SwitchOnAsync("CrashLoop", "plex", Stop);
        Assert.Contains("command:", await File.ReadAllTextAsync(file, Stop), StringComparison.Ordinal);
        var own = await File.ReadAllTextAsync(file, Stop) + "# at work\n";
        await File.WriteAllTextAsync(file, own, Stop);
        await fault.SwitchOffAsync(Stop);
        Assert.Equal(own, await File.ReadAllTextAsync(file, Stop));
        await File.WriteAllTextAsync(file, own[..^"# at work\n".Length], Stop);
        await homelab.UntilWellAsync();
    }

    [Fact]
    public async Task Several_at_once_are_all_mended()
    {
        await homelab.UntilWellAsync();
        foreach (var name in new[] { "CrashLoop", "OutOfMemory", "ImageNotFound", "PvcTooSmall", "ManifestUnlisted" })
        {
            await homelab.Faults.SwitchOnAsync(name, "sonarr", Stop);
        }

        await homelab.Faults.SwitchOnAsync("GitUnreachable", null, Stop);
        Assert.Equal(6, homelab.Faults.On.Count);
        await homelab.Faults.SwitchAllOffAsync(Stop);
        Assert.Empty(homelab.Faults.On);
        await homelab.UntilWellAsync();
        var deployment = await File.ReadAllTextAsync(Path.Combine(homelab.Homelab.RepositoryPath, "clusters", "homelab", "apps", "media", "sonarr", "deployment.yaml"), Stop);
        Assert.Equal(new HomelabManifests(new HomelabPlan(new SandboxOption { Apps = 5 })).Files()["clusters/homelab/apps/media/sonarr/deployment.yaml"], deployment);
    }

    [Fact]
    public async Task A_suspension_that_was_resumed_is_left_alone()
    {
        await homelab.UntilWellAsync();
        var fault = await homelab.Faults.SwitchOnAsync("SuspendedForgotten", "infrastructure-traefik", Stop);
        await homelab.Homelab.Client.PatchAsync(Types.Kustomization, "flux-system", "infrastructure-traefik", PatchKind.Merge, System.Text.Json.Nodes.JsonNode.Parse("""{"spec":{"suspend":false}}""")!, Stop, new WriteOptions { FieldManager = "flux" });
        Assert.False(await fault.IsInEffectAsync(Stop));
        await fault.SwitchOffAsync(Stop);
        Assert.DoesNotContain("To do", await File.ReadAllTextAsync(Path.Combine(homelab.Homelab.RepositoryPath, "README.md"), Stop), StringComparison.Ordinal);
        await homelab.UntilWellAsync();
    }
}
