using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What runs in containers: their main process, and commands of probes and of users.</summary>
internal sealed class ContainerProcesses(Applications applications, ProgramTable programs, IEnumerable<IContainerBehavior> behaviors, ClusterView cluster, NodeNetwork network)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(30);

    // Below are those of the node's own system.
    private const int FirstProcess = 1000;

    // Images without an application: their containers do what their command says.
    private static readonly HashSet<string> Shells = new(["alpine", "busybox", "debian", "ubuntu", "bash", "curl", "alpine-git", "kubectl"], StringComparer.Ordinal);

    /// <summary>The pods that run on a node; who sees the processes of the node sees theirs.</summary>
    public Func<NodeState, IEnumerable<(JsonObject Pod, PodRun Run)>> Neighbours { get; set; } = _ => [];

    /// <summary>Told that something has happened in a pod that its kubelet is to look at.</summary>
    public Action<PodRun> Happened { get; set; } = _ => { };

    /// <summary>What the main process of a container will do when it starts now.</summary>
    public async Task<ProcessPlan> PlanAsync(JsonObject pod, PodRun run, ContainerRun container, DateTimeOffset now)
    {
        container.Processes = new();
        container.IsAskedToEnd = false;
        var plan = await ChooseAsync(pod, run, container, now);
        if (plan is { Live: null, StartFailure: null })
        {
            var command = CommandOf(pod, run, container);
            container.Processes.Add(command.Length > 0 ? command : [plan.Application?.Name ?? container.Name], new SteppedTime(now), () => { }, _ => AskToEnd(run, container));
        }

        return plan;
    }

    private async Task<ProcessPlan> ChooseAsync(JsonObject pod, PodRun run, ContainerRun container, DateTimeOffset now)
    {
        foreach (var behavior in behaviors)
        {
            if (behavior.TryGet(pod, container.Name, out var found))
            {
                return Of(found, now);
            }
        }

        var image = ImageReference.Parse(Cells.Text(container.Spec, "image"))?.Name ?? "";
        var command = CommandOf(pod, run, container);
        var hasCommand = Cells.Count(container.Spec, "command") > 0;
        if (!hasCommand && !Shells.Contains(image))
        {
            return Application(image, now);
        }

        if (command.Length == 0)
        {
            // A shell that nobody speaks with ends at once.
            return new([]) { EndsAfter = TimeSpan.Zero };
        }

        if (programs.Find(command[0]) is null)
        {
            // A program of the image itself, which is the application's.
            return Shells.Contains(image) ? new([]) { EndsAfter = TimeSpan.Zero, ExitCode = 128, StartFailure = $"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"{command[0]}\": {(command[0].Contains('/', StringComparison.Ordinal) ? $"stat {command[0]}: no such file or directory" : "executable file not found in $PATH")}: unknown" } : Application(image, now);
        }

        return await CommandAsync(pod, run, container, command, now);
    }

    /// <summary>Runs a command of a probe or a hook at once; null when it would have taken longer than that.</summary>
    public async Task<(int? Code, string Output)> RunAsync(JsonObject pod, PodRun run, ContainerRun container, IReadOnlyList<string> command, TimeSpan limit, DateTimeOffset now)
    {
        var process = await StartAsync(pod, run, container, command, now, null);
        await process.AdvanceAsync(now + limit);
        process.Output.Finish();
        return (process.EndsAfter is null ? null : process.ExitCode, string.Concat(process.Output.Snapshot().Lines.Select(line => line.Text + "\n")));
    }

    /// <summary>Starts a command in a container, that goes on as time passes.</summary>
    public async Task<LiveProcess> StartAsync(JsonObject pod, PodRun run, ContainerRun container, IReadOnlyList<string> command, DateTimeOffset now, Action<int, string>? listen)
    {
        var time = new SteppedTime(now) { Posted = () => Happened(run) };
        var context = Context(pod, run, container, time) with { Listen = listen ?? ((_, _) => { }) };
        context.Files.HangAsync = time.HangAsync;
        return await LiveProcess.StartAsync(time, container.Processes, output => RunAsync(context, command, Stream.Null, output, output, CancellationToken.None));
    }

    /// <summary>Runs what a container wants to be run right after its start.</summary>
    /// <returns>How it ended; 0 where there is nothing, or a program of the image's own that is not known here; null where it has not.</returns>
    public async Task<int?> HookAsync(JsonObject pod, PodRun run, ContainerRun container, DateTimeOffset now)
    {
        string[] command = [.. container.Spec["lifecycle"]?["postStart"]?["exec"] is JsonObject hook ? Texts(hook, "command") : []];
        return command.Length == 0 || !Has(command[0]) ? 0 : (await RunAsync(pod, run, container, command, Horizon, now)).Code;
    }

    /// <summary>Whether somebody listens where a hook of a container asks.</summary>
    public bool IsReached(JsonObject pod, PodRun run, ContainerRun container, JsonNode http, DateTimeOffset now)
    {
        var (host, port) = (Cells.Text(http, "host", run.Ip), ContainerProbes.Port(container.Spec, http["port"]));
        return host == run.Ip ? run.Containers.Any(other => ContainerProbes.Listens(other, port)) : Context(pod, run, container, new SteppedTime(now)).Dial(host, port) is null;
    }

    /// <summary>Runs a command that a program of the image's own would be given to; an application's programs say nothing and succeed.</summary>
    public static async Task<int> RunAsync(ProcessContext context, IReadOnlyList<string> command, Stream input, Stream output, Stream error, CancellationToken cancellationToken)
    {
        var call = new ProgramCall(context, command.Count > 0 ? command[0] : "", [.. command.Skip(1)], input, output, error);
        if (context.Programs.Find(call.Name) is { } program)
        {
            return await context.Processes.RunAsync(command, context.Time, (process, stop) => program(call with { Process = process }, stop), cancellationToken);
        }

        await error.WriteAsync(Encoding.UTF8.GetBytes($"exec: \"{call.Name}\": executable file not found in $PATH\n"), cancellationToken);
        return 127;
    }

    /// <summary>Whether an image is one of those whose processes run as root unless told otherwise.</summary>
    public static bool IsOfRoot(JsonObject container) => Shells.Contains(ImageReference.Parse(Cells.Text(container, "image"))?.Name ?? "");

    public bool Has(string program) => programs.Find(program) is not null;

    /// <summary>What a container that serves files on a port has at a path; null for nothing.</summary>
    public async Task<string?> PageAsync(JsonObject pod, PodRun run, ContainerRun container, int port, string path, IProcessTime time)
    {
        try
        {
            var page = path.Split('?')[0];
            return await Files(pod, run, container, time).ReadAsync(MountTable.Normalize("." + page + (page.EndsWith('/') ? "index.html" : ""), container.Plan!.Sites[port]), CancellationToken.None);
        }
        catch (FileException)
        {
            return null;
        }
    }

    /// <summary>What processes of a container see.</summary>
    public ProcessContext Context(JsonObject pod, PodRun run, ContainerRun container, IProcessTime time) => new()
    {
        Files = Files(pod, run, container, time),
        Environment = EnvironmentOf(pod, run, container),
        User = ContainerUser.Of(pod, container.Spec),
        Programs = programs,
        Processes = container.Processes,
        Time = time,
        Dial = (host, port) => network.Dial(run.Node, Address(run, host), port),
        Resolve = name => network.Resolve(run.Namespace, name),
        Connect = (address, port) => network.Connect(run, address, port),
        HostName = (bool?)pod["spec"]?["hostNetwork"] == true ? run.Node.Name : Cells.Text(pod, "spec.hostname", run.Name),
        WorkingFolder = Cells.Text(container.Spec, "workingDir", "/"),
    };

    private Dictionary<string, string> EnvironmentOf(JsonObject pod, PodRun run, ContainerRun container) => ContainerEnvironment.Build(pod, container.Spec, cluster, run.Node.Node.Address, run.Ip).Variables;

    private string[] CommandOf(JsonObject pod, PodRun run, ContainerRun container)
    {
        string[] written = [.. Texts(container.Spec, "command"), .. Texts(container.Spec, "args")];
        if (!Array.Exists(written, word => word.Contains('$', StringComparison.Ordinal)))
        {
            return written;
        }

        var variables = EnvironmentOf(pod, run, container);
        return Array.ConvertAll(written, word => VariableReferences.Expand(word, variables));
    }

    private string Address(PodRun run, string host) => network.Resolve(run.Namespace, host).Addresses is [var first, ..] ? first : host;

    private MountTable Files(JsonObject pod, PodRun run, ContainerRun container, IProcessTime time)
    {
        var files = ContainerFiles.Build(pod, run, container, cluster);
        files.Clock = () => time.Now;
        if ((bool?)pod["spec"]?["hostPID"] != true)
        {
            return files;
        }

        var number = FirstProcess;
        foreach (var (other, its) in Neighbours(run.Node).OrderBy(neighbour => neighbour.Run.Uid, StringComparer.Ordinal))
        {
            foreach (var each in its.Containers.Where(each => each.Phase == ContainerPhase.Running))
            {
                var id = each.ContainerId(its.Uid);
                files.Kernel[$"/proc/{number}/cgroup"] = () => $"0::/kubepods/pod{its.Uid}/{id[(id.LastIndexOf('/') + 1)..]}\n";
                files.Kernel[$"/proc/{number}/mountinfo"] = () => ContainerFiles.Build(other, its, each, cluster).ToMountInfo();
                number++;
            }
        }

        return files;
    }

    // Its lines come evenly over its time, or at once where it runs on.
    private static ProcessPlan Of(ContainerBehavior behavior, DateTimeOffset start)
    {
        if (behavior.Begins is not { } begins)
        {
            return Begun(TimeSpan.Zero);
        }

        return new([.. behavior.Lines.Take(behavior.LinesBefore).Select(line => new LogLine(TimeSpan.Zero, line))]) { Next = () => begins() is { } begun ? Begun(begun > start ? begun - start : TimeSpan.Zero) : null };

        ProcessPlan Begun(TimeSpan delay) => new([.. behavior.Lines.Select((line, index) => new LogLine(index < behavior.LinesBefore ? TimeSpan.Zero : delay + (behavior.Duration * index / Math.Max(1, behavior.Lines.Count)), line))])
        {
            EndsAfter = behavior.ExitCode is null ? null : delay + behavior.Duration,
            ExitCode = behavior.ExitCode ?? 0,
        };
    }

    private ProcessPlan Application(string image, DateTimeOffset now)
    {
        var profile = applications.Of(image);
        if (profile.Journal is { } journal)
        {
            // What it writes as it works comes behind all of its start, so that no line moves.
            var (first, begin) = journal.Take(now);
            return new([.. profile.Start.Select(line => new LogLine(begin - now, line.Replace("${ts}", Stamp(begin), StringComparison.Ordinal)))]) { Application = profile, JournalStart = first };
        }

        return new([.. profile.Start.Select((line, index) => new LogLine(TimeSpan.FromMilliseconds(120 * index), line))]) { Ongoing = profile.Ongoing, Application = profile };
    }

    private async Task<ProcessPlan> CommandAsync(JsonObject pod, PodRun run, ContainerRun container, string[] command, DateTimeOffset now)
    {
        var sites = new ConcurrentDictionary<int, string>();
        var live = await StartAsync(pod, run, container, command, now, (port, folder) => sites[port] = folder);
        return new([]) { Live = live, Sites = sites };
    }

    private void AskToEnd(PodRun run, ContainerRun container)
    {
        container.IsAskedToEnd = true;
        Happened(run);
    }

    // As structured logs have it.
    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(JsonObject container, string field) => (container[field] as JsonArray ?? []).Select(item => (string?)item ?? "");
}
