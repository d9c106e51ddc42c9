using System.Text.Json.Nodes;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Asks the moved applications for the page that their own probes ask for.</summary>
internal sealed class ProbeStep : IOperationStep
{
    private static readonly string[] Probes = ["readinessProbe", "livenessProbe", "startupProbe"];
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long an application may take until it answers.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public string Name => "Probe";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken) =>
        string.Join(' ', await OperationApps.EachAsync(context, app => AskAsync(context, app, cancellationToken)));

    private async Task<string> AskAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var reference = context.Reference(app);
        var workload = await WorkloadReader.FindAsync(context.Options.Client, reference, cancellationToken) ?? throw Errors.RolloutGone(reference);
        if (Page(workload.Json) is not var (path, port))
        {
            return Errors.Text("Detail_StepProbeNone", reference);
        }

        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            var last = "";
            await foreach (var item in AppForwarding.ProbeAsync(context.Options.Client, reference, path, port, Answer, cancellationToken))
            {
                if (item.Value is { Healthy: true } probe)
                {
                    return Errors.Text("Detail_StepProbed", reference, probe.StatusCode, probe.Url);
                }

                last = item.Notice is FailureNotice failure ? failure.Error.Message : $"{item.Value?.StatusCode} {item.Value?.Message}".Trim();
            }

            if (DateTime.UtcNow > end)
            {
                throw Errors.FailoverProbeFailed(reference, path, last);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    // The first that there is, in the order of how much it says.
    private static (string Path, int Port)? Page(JsonObject workload)
    {
        foreach (var container in workload["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [])
        {
            foreach (var get in Probes.Select(probe => container?[probe]?["httpGet"]).Where(get => get is not null && ((string?)get["scheme"] ?? "HTTP") == "HTTP"))
            {
                var port = get!["port"] is JsonValue value && value.TryGetValue<int>(out var number) ? number
                    : (int?)(container!["ports"] as JsonArray ?? []).FirstOrDefault(port => (string?)port?["name"] == get["port"]?.ToString())?["containerPort"];
                if (port is { } known)
                {
                    return ((string?)get["path"] ?? "/", known);
                }
            }
        }

        return null;
    }
}
