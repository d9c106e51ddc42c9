using System.Text.Json.Nodes;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Logs;

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
