using System.Management.Automation;
using HomelabOps.Core;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Cmdlets.MetalLB;

/// <summary>Makes the Secret of MetalLB's webhook: empty for a controller that rotates its certificate, else with a certificate.</summary>
[Cmdlet(VerbsCommon.New, "MetalLBWebhookCert", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "New-MetalLBWebhookCert.md")]
[OutputType(typeof(MetalLBWebhookCert))]
[RequiresAccess("get,list,watch,patch", "apps", "*")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get,list,create,patch,delete", "", "secrets")]
[RequiresAccess("get", "", "namespaces,pods/log")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("list", "", "endpoints,events,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
[RequiresAccess("get,list,patch", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("get,patch", "apiextensions.k8s.io", "customresourcedefinitions")]
public sealed class NewMetalLBWebhookCertCommand : MetalLBCmdlet
{
    /// <summary>Name of the Secret, in place of what the controller wants.</summary>
    [Parameter(Position = 0)]
    [ValidatePattern("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
    public string? SecretName { get; set; }

    /// <summary>Makes it empty.</summary>
    [Parameter]
    public SwitchParameter Empty { get; set; }

    /// <summary>Puts a certificate into it.</summary>
    [Parameter]
    public SwitchParameter Certificate { get; set; }

    /// <summary>Days that a certificate holds.</summary>
    [Parameter]
    [ValidateRange(1, 36500)]
    public int ValidDays { get; set; } = 3650;

    /// <summary>Bits of its keys.</summary>
    [Parameter]
    [ValidateSet("2048", "3072", "4096", "8192")]
    public int KeySize { get; set; } = 4096;

    /// <summary>Makes it anew although it is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Restarts the controller afterwards and waits until it is ready.</summary>
    [Parameter]
    public SwitchParameter RestartController { get; set; }

    /// <summary>Seconds that the controller may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Restarts the controller and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override bool IsChange => true;

    private protected override void End()
    {
        if (Empty && Certificate)
        {
            throw Core.Errors.CertificateChoice();
        }

        var config = Config();
        IEnumerable<(ClusterClient Client, IReadOnlyList<string> Spaces)> asked = ParameterSetName == ByName ? [(FindClient(), Namespaces)] : CollectedByCluster().Select(item => (item.Client, SpacesOf(item.Names)));
        foreach (var (client, spaces) in asked)
        {
            foreach (var facts in Await(stop => MetalLBWebhookTester.ReadAsync(client, spaces, config, stop)))
            {
                Make(client, facts, config);
            }
        }
    }

    // What fails for one does not keep it from the others.
    private void Make(ClusterClient client, MetalLBWebhookFacts facts, HomelabConfig config)
    {
        try
        {
            var options = new WebhookCertOptions { SecretName = SecretName, WantsCertificate = Certificate ? true : Empty ? false : null, ValidDays = ValidDays, KeySize = KeySize, Force = Force };
            if (Await(stop => WebhookCertification.PrepareAsync(client, facts, options, stop)) is not { } plan)
            {
                WriteWarning(Messages.MetalLBNotNeeded(facts));
                return;
            }

            plan.Warnings.ToList().ForEach(WriteWarning);
            if (!plan.IsIdle && !ShouldProcess(Messages.MetalLBCert(plan), Messages.MetalLBCertQuestion(plan), Messages.Confirm))
            {
                return;
            }

            var restart = RestartController && plan.Controller is { } controller && ShouldProcess(Messages.MetalLBRestart(controller), Messages.MetalLBRestartQuestion(controller), Messages.Confirm)
                ? new AppOptions { Config = config, Timeout = TimeSpan.FromSeconds(TimeoutSeconds), NoWait = NoWait }
                : null;
            Drain(stop => WebhookCertification.RunAsync(client, plan, restart, ChangeJournal.ForUser(), stop));
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            WriteFailure(error);
        }
    }
}
