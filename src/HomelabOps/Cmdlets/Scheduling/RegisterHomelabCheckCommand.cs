using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Scheduling;
using HomelabOps.Core.Scheduling.Webhooks;

namespace HomelabOps.Cmdlets.Scheduling;

/// <summary>Has a homelab tested on a schedule, and changes told.</summary>
[Cmdlet(VerbsLifecycle.Register, "HomelabCheck", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Register-HomelabCheck.md")]
[OutputType(typeof(HomelabScheduledCheck))]
[RequiresAccess("", "", "")]
public sealed class RegisterHomelabCheckCommand : ClusterCmdlet
{
    /// <summary>Name of the check.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string Name { get; set; } = "homelab";

    /// <summary>How often, or when each day.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "15m")]
    public string Schedule { get; set; } = "15m";

    /// <summary>Parts of the homelab.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public HomelabArea[] Area { get; set; } = [];

    /// <summary>File with the address that changes are told to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WebhookFile { get; set; }

    /// <summary>What the webhook takes.</summary>
    [Parameter]
    public WebhookFormat Format { get; set; }

    /// <summary>What runs it.</summary>
    [Parameter]
    public HomelabScheduler Scheduler { get; set; }

    /// <summary>It belongs to the machine, not to the user.</summary>
    [Parameter]
    public SwitchParameter System { get; set; }

    /// <summary>The program that runs it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "the one that this is, else pwsh or HomelabOps.Console of the PATH")]
    public string? Shell { get; set; }

    /// <summary>Replaces a check of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void End()
    {
        var store = CheckStore.ForUser();
        var registry = new CheckRegistry(store, CheckStore.Folder);
        var plan = Plan(store);
        var schedule = registry.Prepare(plan, Force);
        var check = registry.Describe(plan);
        if (ShouldProcess(Messages.CheckRegister(check, [.. schedule.Files.Select(file => file.Path), store.PathOf(plan.Name)]), Messages.CheckRegisterQuestion(check), Messages.Confirm))
        {
            WriteObject(Await(stop => registry.RegisterAsync(plan, schedule, stop)));
            if (schedule.IsAsleep)
            {
                WriteWarning(Messages.CheckNotStarted(schedule.Target, schedule.Enable[^1]));
            }
        }
    }

    private CheckPlan Plan(CheckStore store)
    {
        var webhook = FullPath(WebhookFile);
        if (webhook is not null)
        {
            _ = WebhookAddress.ReadOwn(webhook);
        }

        var session = KubeConfig is null ? Session.Default?.Connection : null;
        var kubeConfig = session is { IsSandbox: true } ? throw Core.Errors.CheckOfSandbox() : FindKubeConfig(session);
        var config = LoadConfig();
        var file = store.PathOf(Name);
        var manifest = Path.Combine(MyInvocation.MyCommand.Module.ModuleBase, "HomelabOps.psd1");
        return new()
        {
            Name = Name,
            Schedule = CheckSchedule.Parse(Schedule).Text,
            KubeConfig = kubeConfig,
            Contexts = [.. CheckContexts.Bind(kubeConfig, [.. (Context ?? []).Select(name => name == session?.Name ? session.Context : name).DefaultIfEmpty(session?.Context ?? "").Where(name => name.Length > 0)])],
            Areas = [.. Area],
            ConfigPath = config.Path,
            Repository = session?.Repository ?? config.Repository,
            WebhookFile = webhook,
            Format = Format,
            Scheduler = Scheduler,
            OfMachine = System,
            Command = [.. CheckCommand.Of(FullPath(Shell), manifest, file, (Environment.ProcessPath, Environment.GetCommandLineArgs().FirstOrDefault()))],
        };
    }

    // What runs it later has neither this session nor its environment.
    private string? FindKubeConfig(HomelabConnection? session)
    {
        var paths = session?.KubeConfigPath?.Split(Path.PathSeparator) ?? [.. Core.Kubernetes.Configuration.KubeConfig.Find(FullPath(KubeConfig), KubeConfigEnvironment.Current with { WorkingFolder = WorkingFolder }).Paths];
        return paths switch
        {
            [] => null,
            [var only] => only,
            _ => throw Core.Errors.CheckInvalid(string.Join(Path.PathSeparator, paths), "A check reads one kubeconfig. Name it with -KubeConfig."),
        };
    }
}
