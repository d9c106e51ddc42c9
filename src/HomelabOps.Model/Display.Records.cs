using System.Globalization;

namespace HomelabOps;

/// <summary>What the default views show of whole records.</summary>
public static partial class Display
{
    /// <summary>A node's state as kubectl writes it, with its pressures.</summary>
    /// <param name="node">The node.</param>
    public static string Status(HomelabNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var words = new List<string> { node.Ready ? "Ready" : "NotReady" };
        if (!node.Schedulable)
        {
            words.Add("SchedulingDisabled");
        }

        words.AddRange(node.Pressure);
        return Health(string.Join(',', words), node.Healthy && node.Schedulable ? true : node.Healthy ? null : false);
    }

    /// <summary>Which container, claim or amount a value is of.</summary>
    /// <param name="manifest">The value.</param>
    public static string Of(HomelabManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return string.Join(' ', new[] { manifest.Container, manifest.Item }.Where(part => part.Length > 0));
    }

    /// <summary>A pod's state, as kubectl's column STATUS.</summary>
    /// <param name="pod">The pod.</param>
    public static string Status(HomelabPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return Health(pod.Status, pod.Healthy);
    }

    /// <summary>Whether an object of Flux is ready, or why its readiness says nothing.</summary>
    /// <param name="resource">The object.</param>
    public static string Status(FluxResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource switch
        {
            { Suspended: true } => Health("Suspended", null),
            { Stale: true } => Health("Stale", false),
            _ => Health(resource.Ready, resource.Ready switch
            {
                ConditionStatus.True => true,
                ConditionStatus.False => false,
                _ => null,
            }),
        };
    }

    /// <summary>Whether a reconciliation that was asked for went well.</summary>
    /// <param name="result">The result.</param>
    public static string Status(FluxReconcileResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Health(result.Ready, result.Ready switch
        {
            ConditionStatus.True => true,
            ConditionStatus.False => false,
            _ => null,
        });
    }

    /// <summary>The cause of an object that is blocked, else the controller's message, on one line.</summary>
    /// <param name="resource">The object.</param>
    public static string Message(FluxResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.RootCause is { } cause ? $"blocked by {cause}" : FirstLine(resource.Message);
    }

    /// <summary>Kind and name of an object in a tree, two columns further to the right for each level.</summary>
    /// <param name="node">The object.</param>
    public static string Branch(FluxTreeNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return $"{new string(' ', 2 * node.Depth)}{(node.Kind.Length == 0 ? "" : node.Kind + "/")}{node.Name}";
    }

    /// <summary>The health of an object in a tree, or that it is suspended.</summary>
    /// <param name="node">The object.</param>
    public static string Status(FluxTreeNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Health(node.Suspended ? "Suspended" : node.Health, node switch
        {
            { Healthy: true } => true,
            { Suspended: true } or { Health: ObjectHealth.Unknown or ObjectHealth.InProgress } => null,
            _ => false,
        });
    }

    /// <summary>What applies an object: its HelmRelease, else its Kustomization.</summary>
    /// <param name="trace">The trace.</param>
    public static string Applier(FluxTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return (trace.HelmRelease ?? trace.Kustomization) is { } applier ? $"{applier.Kind}/{applier.Name}" : "";
    }

    /// <summary>Where an object is written: <c>apps/media/sonarr.yaml:12</c>.</summary>
    /// <param name="trace">The trace.</param>
    public static string Place(FluxTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return trace.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{trace.File}:{line}") : trace.File ?? trace.Message;
    }

    /// <summary>What would be done with an object, in a colour.</summary>
    /// <param name="difference">The difference.</param>
    public static string Action(FluxDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference switch
        {
            { Recreate: true } => Health("Recreate", false),
            { Action: FluxDifferenceAction.Create } => Health(difference.Action, true),
            { Action: FluxDifferenceAction.Delete } => Health(difference.Action, false),
            _ => Health(difference.Action, null),
        };
    }

    /// <summary>Where an object is written: <c>apps/sonarr/deployment.yaml:12</c>.</summary>
    /// <param name="difference">The difference.</param>
    public static string Place(FluxDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{difference.File}:{difference.Line}") : difference.File ?? "";
    }

    /// <summary>A unified diff with its lines in colours.</summary>
    /// <param name="diff">The diff; null gives an empty text.</param>
    public static string Diff(string? diff) => string.Join('\n', (diff ?? "").Split('\n').Select(line => line switch
    {
        ['+', ..] => Health(line, true),
        ['-', ..] => Health(line, false),
        ['@', ..] => $"\u001b[36m{line}\u001b[0m",
        _ => line,
    }));

    /// <summary>What a line of a controller of Flux is about, else the controller.</summary>
    /// <param name="line">The line.</param>
    public static string Target(FluxLogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Target?.ToString() ?? line.Controller;
    }

    /// <summary>What a controller of Flux says, with the error behind it.</summary>
    /// <param name="line">The line.</param>
    public static string Message(FluxLogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Error.Length == 0 ? line.Message : $"{line.Message}: {line.Error}";
    }

    /// <summary>Ready and all containers: <c>1/2</c>.</summary>
    /// <param name="pod">The pod.</param>
    public static string ReadyContainers(HomelabPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return string.Create(CultureInfo.InvariantCulture, $"{pod.ReadyContainers}/{pod.Containers}");
    }

    /// <summary>Restarts, with the time since the last one: <c>3 (5m ago)</c>.</summary>
    /// <param name="pod">The pod.</param>
    public static string Restarts(HomelabPod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return pod.LastRestart is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{pod.Restarts} ({Since(last)} ago)")
            : pod.Restarts.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The type of an event, warnings in red.</summary>
    /// <param name="record">The event.</param>
    public static string EventType(HomelabEvent record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Health(record.Type, record.Type == "Warning" ? false : null);
    }

    /// <summary>How bad a finding is, errors in red; of one that is not there any more that it is gone.</summary>
    /// <param name="finding">The finding.</param>
    public static string Severity(HomelabFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Gone ? Health("Gone", true) : Health(finding.Severity, finding.Severity == FindingSeverity.Error ? false : null);
    }

    /// <summary>The place of a finding in a file, else the object that it is about.</summary>
    /// <param name="finding">The finding.</param>
    public static string Where(HomelabFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.File is null ? finding.Target?.ToString() ?? "" : finding.Place;
    }

    /// <summary>How a mount is.</summary>
    /// <param name="mount">The mount.</param>
    public static string State(NfsMountStatus mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return Health(mount.State.ToString(), mount.Healthy && mount.AffectedPods.Count > 0 ? null : mount.Healthy);
    }

    /// <summary>What a command wrote; its errors where it wrote nothing else.</summary>
    /// <param name="result">The result.</param>
    public static string Output(HomelabCommandResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Output.Length > 0 ? result.Output : result.Error;
    }

    /// <summary>A time: of today without the date.</summary>
    /// <param name="value">A local time; null gives an empty text.</param>
    public static string Moment(DateTime? value) => value switch
    {
        null => "",
        { } time when time.Date == DateTime.Today => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        { } time => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
    };

    /// <summary>Items with commas between them.</summary>
    /// <param name="values">The items.</param>
    public static string Join(IEnumerable<object>? values) => values is null ? "" : string.Join(',', values);
}
