using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>
/// Asks containers whether they have started, are alive, and take requests. A probe that goes well is not asked again until
/// something changes, as the answer would be the same.
/// </summary>
internal sealed class ContainerProbes(ContainerProcesses processes)
{
    private static readonly (ProbeKinds Kind, string Field, string Name)[] All =
    [
        (ProbeKinds.Startup, "startupProbe", "startup"),
        (ProbeKinds.Liveness, "livenessProbe", "liveness"),
        (ProbeKinds.Readiness, "readinessProbe", "readiness"),
    ];

    /// <summary>Asks what is due.</summary>
    /// <returns>The name of the probe for which the container has to be started anew, or null.</returns>
    public async Task<string?> RunAsync(PodStep step, ContainerRun container, ContainerFault? fault)
    {
        foreach (var (kind, field, name) in All)
        {
            if (container.Spec[field] is not JsonObject probe || (kind == ProbeKinds.Startup) == container.IsStarted)
            {
                continue;
            }

            if (!container.Probes.TryGetValue(kind, out var state))
            {
                container.Probes[kind] = state = new() { NextAt = container.StartedAt.AddSeconds(Cells.Number(probe, "initialDelaySeconds")) };
            }

            if (state.NextAt > step.Now)
            {
                step.Again(state.NextAt.Value);
                continue;
            }

            var failure = await FailureAsync(step, container, probe, kind, fault);
            if (failure is null)
            {
                Succeeded(step, container, probe, kind, state);
            }
            else if (Failed(step, container, probe, (kind, name), state, failure))
            {
                return name;
            }
        }

        return null;
    }

    private static void Succeeded(PodStep step, ContainerRun container, JsonObject probe, ProbeKinds kind, ProbeRun state)
    {
        state.Failures = 0;
        state.Successes++;
        if (state.Successes < Cells.Number(probe, "successThreshold"))
        {
            Again(step, probe, state);
            return;
        }

        state.IsPassed = true;
        state.NextAt = null;
        container.IsReady |= kind == ProbeKinds.Readiness;
        if (kind == ProbeKinds.Startup)
        {
            container.IsStarted = true;
            container.IsReady = container.Spec["readinessProbe"] is null;
        }
    }

    private static bool Failed(PodStep step, ContainerRun container, JsonObject probe, (ProbeKinds Kind, string Name) which, ProbeRun state, string failure)
    {
        state.Successes = 0;
        state.Failures++;
        step.Tell("Warning", "Unhealthy", $"{char.ToUpperInvariant(which.Name[0])}{which.Name[1..]} probe failed: {failure}", container);
        if (state.Failures >= Cells.Number(probe, "failureThreshold"))
        {
            if (which.Kind != ProbeKinds.Readiness)
            {
                return true;
            }

            state.IsPassed = false;
            container.IsReady = false;
        }

        Again(step, probe, state);
        return false;
    }

    private static void Again(PodStep step, JsonObject probe, ProbeRun state)
    {
        state.NextAt = step.Now.AddSeconds(Math.Max(1, Cells.Number(probe, "periodSeconds")));
        step.Again(state.NextAt.Value);
    }

    // What a probe says where it does not go well.
    private async Task<string?> FailureAsync(PodStep step, ContainerRun container, JsonObject probe, ProbeKinds kind, ContainerFault? fault)
    {
        var isBroken = fault?.FailingProbes.HasFlag(kind) == true;
        var isUp = step.Now >= container.StartedAt + (fault?.StartsWithin ?? TimeSpan.Zero);
        if (probe["exec"] is { } exec)
        {
            return isBroken || !isUp ? "command failed" : await ExecuteAsync(step, container, exec, Cells.Number(probe, "timeoutSeconds"));
        }

        var field = probe["httpGet"] ?? probe["tcpSocket"] ?? probe["grpc"];
        var port = Port(container.Spec, field?["port"]);
        var address = string.Create(CultureInfo.InvariantCulture, $"{Cells.Text(field, "host", step.Run.Ip)}:{port}");
        var listens = isUp && Listens(container, port);
        if (probe["httpGet"] is { } http)
        {
            var path = Cells.Text(http, "path", "/");
            var url = $"{Cells.Text(http, "scheme", "HTTP").ToLowerInvariant()}://{address}{(path.StartsWith('/') ? "" : "/")}{path}";
            return !listens ? $"Get \"{url}\": dial tcp {address}: connect: connection refused"
                : isBroken ? "HTTP probe failed with statuscode: 503"
                : container.Plan?.Application is { } application && !application.Answers(path) ? "HTTP probe failed with statuscode: 404"
                : container.Plan?.Sites.ContainsKey(port) == true && await processes.PageAsync(step.Pod, step.Run, container, port, path, new SteppedTime(step.Now)) is null ? "HTTP probe failed with statuscode: 404"
                : null;
        }

        return listens && !isBroken ? null : $"dial tcp {address}: connect: connection refused";
    }

    private async Task<string?> ExecuteAsync(PodStep step, ContainerRun container, JsonNode exec, long seconds)
    {
        var command = (exec["command"] as JsonArray ?? []).Select(item => (string?)item ?? "").ToArray();
        if (command.Length == 0 || !processes.Has(command[0]))
        {
            // A program of the image's own; it says that all is well.
            return null;
        }

        var (code, output) = await processes.RunAsync(step.Pod, step.Run, container, command, TimeSpan.FromSeconds(Math.Max(1, seconds)), step.Now);
        return code switch
        {
            0 => null,
            null => $"command timed out: \"{string.Join(' ', command)}\" timed out after {Math.Max(1, seconds)}s",
            _ => output,
        };
    }

    /// <summary>Whether something listens on a port of a container: what its application is known for, or what it declares.</summary>
    public static bool Listens(ContainerRun container, int port) => container.Phase == ContainerPhase.Running
        && (container.Plan?.Sites.ContainsKey(port) == true || (container.Plan?.Application is { Ports: { Count: > 0 } known }
            ? known.Contains(port) || Moved(container, port)
            : Cells.Items(container.Spec, "ports").Any(declared => Cells.Number(declared, "containerPort") == port) || (Cells.Count(container.Spec, "ports") == 0 && IsProbed(container.Spec, port))));

    // An application that is told by its variables to listen elsewhere declares that port.
    private static bool Moved(ContainerRun container, int port) => Cells.Items(container.Spec, "ports").Any(declared => Cells.Number(declared, "containerPort") == port)
        && Cells.Items(container.Spec, "env").Any(variable => Cells.Text(variable, "value") == port.ToString(CultureInfo.InvariantCulture));

    private static bool IsProbed(JsonObject container, int port) =>
        All.Any(probe => Port(container, (container[probe.Field]?["httpGet"] ?? container[probe.Field]?["tcpSocket"] ?? container[probe.Field]?["grpc"])?["port"]) == port);

    /// <summary>The number of a port that is named or numbered; 0 for none.</summary>
    public static int Port(JsonObject container, JsonNode? port)
    {
        if (port is null)
        {
            return 0;
        }

        var text = port.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)port! : port.ToJsonString();
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : (int)Cells.Items(container, "ports").Where(declared => Cells.Text(declared, "name") == text).Select(declared => Cells.Number(declared, "containerPort")).FirstOrDefault();
    }
}
