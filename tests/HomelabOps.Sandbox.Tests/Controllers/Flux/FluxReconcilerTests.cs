using HomelabOps.Core;
using HomelabOps.Core.Flux;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>On the embedded server.</summary>
public sealed class FluxReconcilerTests() : FluxReconcilerChecks(isLab: false)
{
    // On the lab others have objects of these names.
    [Fact]
    public async Task Names_that_mean_nothing_or_too_much_are_told()
    {
        await using var flux = await StartAsync();
        await flux.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n");
        await flux.ApplyAsync("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: other}\nspec: {interval: 10m, prune: true, path: ./apps, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}\n");

        Assert.Equal(("NameAmbiguous", ErrorKind.InvalidArgument), await FailureAsync("apps"));
        Assert.Equal(("FluxResourceNotFound", ErrorKind.ObjectNotFound), await FailureAsync("none"));
        Assert.Equal(2, (await FluxTargets.FindAsync(flux.Client, [new("ap*")], [], [], Cluster.Stop)).Targets.Count);
        Assert.Equal("other", Assert.Single((await FluxTargets.FindAsync(flux.Client, [new("apps")], ["other"], [], Cluster.Stop)).Targets).Namespace);

        // What Flux applies leads to what applies it, and what it does not is an error.
        var map = new ResourceReference(flux.Client.Name, "ConfigMap", "default", "a");
        Assert.Equal("apps", Assert.Single((await FluxTargets.FindAsync(flux.Client, [new(map)], [], [], Cluster.Stop)).Targets).Name);
        var own = await FluxTargets.FindAsync(flux.Client, [new(map with { Kind = "Namespace", Namespace = "", Name = "other" })], [], [], Cluster.Stop);
        Assert.Equal("FluxOwnerNotFound", Assert.Single(own.Failures).Id);

        async Task<(string, ErrorKind)> FailureAsync(string name)
        {
            var failure = Assert.Single((await FluxTargets.FindAsync(flux.Client, [new(name)], [], [], Cluster.Stop)).Failures);
            return (failure.Id, failure.Kind);
        }
    }
}
