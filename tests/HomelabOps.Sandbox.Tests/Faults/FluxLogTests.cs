using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Streaming;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>The logs of Flux' pods tell what its controllers do, in the form in which the real ones write.</summary>
public sealed class FluxLogTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    [Fact]
    public async Task Each_attempt_has_a_line_of_its_controller()
    {
        var lines = await ReadAsync(new(), []);
        Assert.Contains(lines, line => line is { Controller: "source-controller", Level: "info", Target: { Kind: "GitRepository", Namespace: "flux-system", Name: "flux-system" } });
        Assert.Contains(lines, line => line is { Controller: "kustomize-controller", Level: "info", Target: { Kind: "Kustomization", Name: "apps" } } && line.Message.StartsWith("Reconciliation finished in ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.NotEmpty(line.Level));
        Assert.Equal(lines.Select(line => line.Time).Order(), lines.Select(line => line.Time));
        var fields = JsonNode.Parse(lines.First(line => line.Target is not null).Line)!.AsObject().Select(field => field.Key);
        Assert.Equal(["level", "ts", "msg", "controller", "controllerGroup", "controllerKind"], fields.Take(6));
    }

    [Fact]
    public async Task A_failure_is_an_error_with_its_words()
    {
        await using var fault = await homelab.Faults.SwitchOnAsync("BuildError", "sonarr", TestContext.Current.CancellationToken);
        FluxLogLine? found = null;
        await homelab.UntilAsync(
            async () => (found = (await ReadAsync(new() { Names = [new ResourcePattern("apps")] }, ["error"])).Find(line => line.Error?.Contains("settings.yaml", StringComparison.Ordinal) == true)) is not null,
            "an error in the log",
            TimeSpan.FromSeconds(5));
        Assert.Equal("Kustomization/flux-system/apps", found!.Target!.ToString());
        Assert.StartsWith("Reconciliation failed after ", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_an_object_that_is_gone_are_no_error_and_a_name_without_any_is()
    {
        var (client, stop) = (homelab.Homelab.Client, TestContext.Current.CancellationToken);
        await FluxCluster.ApplyAsync(client, "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: gone, namespace: flux-system}\nspec: {interval: 10m, prune: true, path: ./nowhere, sourceRef: {kind: GitRepository, name: flux-system}}\n");
        await homelab.UntilAsync(async () => (await ReadAsync(new() { Names = [new ResourcePattern("gone")] }, [])).Count > 0, "a line about it", TimeSpan.FromSeconds(5));
        await client.DeleteAsync(Types.Kustomization, "flux-system", "gone", new DeleteRequest(), stop);
        await homelab.UntilAsync(async () => await client.FindObjectAsync(Types.Kustomization, "flux-system", "gone", stop) is null, "it is gone", TimeSpan.FromSeconds(5));
        Assert.NotEmpty(await ReadAsync(new() { Names = [new ResourcePattern("ks/gone")] }, []));

        // Lines of another level are lines of it.
        Assert.Empty(await ReadAsync(new() { Names = [new ResourcePattern("gone")] }, ["debug"]));
        Assert.Equal("FluxResourceNotFound", Assert.IsType<FailureNotice>(await FirstAsync("never", new LogQuery())).Error.Id);
        Assert.Contains("'never'", Assert.IsType<WarningNotice>(await FirstAsync("never", new LogQuery { Follow = true })).Text, StringComparison.Ordinal);
    }

    private async Task<Notice?> FirstAsync(string name, LogQuery query)
    {
        await foreach (var item in FluxLogs.ReadAsync(homelab.Homelab.Client, query, new ObjectQuery { Names = [new ResourcePattern(name)] }, [], TestContext.Current.CancellationToken))
        {
            return item.Notice;
        }

        return null;
    }

    private async Task<List<FluxLogLine>> ReadAsync(ObjectQuery about, IReadOnlyList<string> levels)
    {
        var lines = new List<FluxLogLine>();
        await foreach (var item in FluxLogs.ReadAsync(homelab.Homelab.Client, new LogQuery(), about, levels, TestContext.Current.CancellationToken))
        {
            Assert.Null(item.Notice);
            lines.Add(item.Value!);
        }

        return lines;
    }
}
