using HomelabOps.Core;
using HomelabOps.Core.Delivery;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>What only Flux knows is not applied past it.</summary>
public sealed class DirectApplyTests(MovableHomelab homelab) : IClassFixture<MovableHomelab>
{
    [Fact]
    public async Task An_application_with_values_that_are_not_in_Git_is_left_to_Flux()
    {
        var files = Directory.EnumerateFiles(homelab.Homelab.RepositoryPath, "*.yaml", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);
        var apps = files.Single(file => file.Value.Contains("kind: Kustomization", StringComparison.Ordinal) && file.Value.Contains("\n  name: apps\n", StringComparison.Ordinal)).Key;
        var sonarr = files.Keys.Single(file => file.EndsWith("media/sonarr/deployment.yaml", StringComparison.Ordinal));
        await File.WriteAllTextAsync(apps, files[apps].Replace("\nspec:\n", "\nspec:\n  postBuild:\n    substituteFrom:\n      - kind: Secret\n        name: outside\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(sonarr, files[sonarr].Replace("\n  labels:\n", "\n  annotations:\n    token: ${TOKEN}\n  labels:\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        homelab.Git("-c", "user.name=Anna", "-c", "user.email=anna@example.org", "commit", "--quiet", "--all", "--message", "Take values from elsewhere");
        homelab.Git("push", "--quiet", "origin", "HEAD");

        var app = await homelab.AppAsync("sonarr");
        var options = homelab.Options;
        var direct = new DirectApply(options.Client, options.Committer, options.Patterns, options.Journal);
        var refused = await Assert.ThrowsAsync<HomelabException>(() => direct.RunAsync([app.Reference], [], null, TestContext.Current.CancellationToken));
        Assert.Equal("DirectApplyImpossible", refused.Id);
    }
}
