using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Cmdlets.Storage;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Repairs;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Mends findings that have a safe remedy, and looks whether they are gone.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "Homelab", DefaultParameterSetName = ByRecord, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Repair-Homelab.md")]
[OutputType(typeof(HomelabRepair))]
[RequiresAccess("patch", "", "nodes")]
[RequiresAccess("delete", "", "pods")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("get,patch", "", "pods/proxy")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("patch", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("patch", "apps", "*")]
[RequiresAccess("patch", "volsync.backube", "*")]
[RequiresAccess("get,list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list,watch,patch", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list,watch,patch", "helm.toolkit.fluxcd.io", "*")]
public sealed class RepairHomelabCommand : HostCmdlet
{
    private readonly List<HomelabFinding> _findings = [];

    /// <summary>What is done instead where a finding offers it.</summary>
    [Parameter]
    [ValidateSet(nameof(HomelabRepairKind.DisableWebhook))]
    public HomelabRepairKind[] Choice { get; set; } = [];

    /// <summary>Repairs, and waits for nothing.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Seconds that each repair may take, and then all findings until they are gone.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private protected override void Process()
    {
        if (Piped.Unwrap(InputObject) is HomelabFinding finding)
        {
            _findings.Add(finding);
        }
        else
        {
            throw Core.Errors.FindingRequired();
        }
    }

    private protected override void End()
    {
        var config = Config();
        foreach (var (group, client) in _findings.GroupBy(finding => ClusterOf(finding.Cluster)).SelectMany(group => ClientsOf(group.Key).Select(client => (group, client))))
        {
            Repair(client, [.. group], new() { Config = config, Repository = RepositoryFolder.Of(client, config), Login = Login, NoWait = NoWait, Probe = Probe, Timeout = TimeSpan.FromSeconds(TimeoutSeconds) });
        }
    }

    private void Repair(ClusterClient client, IReadOnlyList<HomelabFinding> findings, RepairOptions options)
    {
        var journal = ChangeJournal.ForUser();
        var repairer = new HomelabRepairer(client, options, journal);
        var done = new List<HomelabRepair>();
        var choices = findings.Select(finding => (Finding: finding, Chosen: RepairChoice.Of(finding, Choice))).ToList();
        var outdated = Await(stop => new RepairProof(client, options).OutdatedAsync([.. choices.Where(choice => choice.Chosen.Action is not null).Select(choice => (choice.Finding, choice.Chosen.Action!))], stop));
        foreach (var (finding, chosen) in choices)
        {
            var (action, reason) = outdated.Contains(finding) ? (null, Messages.RepairNotNeeded(finding)) : chosen;
            if (action is null)
            {
                WriteObject(new HomelabRepair { Finding = finding, Result = HomelabRepairResult.Skipped, Message = reason });
            }
            else if (ShouldProcess(Messages.Repair(action), Messages.RepairQuestion(finding, action), Messages.Confirm))
            {
                var (made, error) = (journal.Made, Try(repairer, action));
                var repair = new HomelabRepair { Finding = finding, Action = action, Changed = journal.Made > made };
                if (error is null && !NoWait)
                {
                    done.Add(repair);
                }
                else
                {
                    WriteObject(repair with { Result = error is null ? HomelabRepairResult.Unknown : HomelabRepairResult.Failed, Message = error?.Message ?? Messages.RepairNotAwaited(finding) });
                }
            }
        }

        if (done.Count > 0)
        {
            var results = Await(stop => new RepairProof(client, options).ProveAsync([.. done.Select(repair => repair.Finding with { Repair = repair.Action })], stop));
            done.Zip(results).ToList().ForEach(pair => WriteObject(pair.First with { Result = pair.Second, Message = Messages.RepairResult(pair.First.Finding, pair.Second) }));
        }
    }

    // What fails for one does not keep it from the others.
    private HomelabException? Try(HomelabRepairer repairer, HomelabRepairAction action)
    {
        try
        {
            foreach (var notice in PipelineThread.Pull(stop => repairer.RunAsync(action, stop), Stop))
            {
                Notices.Write(this, notice);
            }

            return null;
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            WriteFailure(error);
            return error;
        }
    }
}
