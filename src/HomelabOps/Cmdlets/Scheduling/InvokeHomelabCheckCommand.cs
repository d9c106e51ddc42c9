using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Scheduling;
using HomelabOps.Core.Scheduling.Webhooks;

namespace HomelabOps.Cmdlets.Scheduling;

/// <summary>Runs a check once, as its schedule does.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HomelabCheck", DefaultParameterSetName = "ByName", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Invoke-HomelabCheck.md")]
[OutputType(typeof(HomelabCheckResult))]
[RequiresAccess("list", "", "namespaces,nodes,pods,persistentvolumeclaims,persistentvolumes,configmaps,secrets,serviceaccounts,services,endpoints,events")]
[RequiresAccess("get", "", "configmaps,secrets,pods/log,pods/proxy")]
[RequiresAccess("create,delete,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("list", "apps", "deployments,statefulsets,daemonsets")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("list", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metrics.k8s.io", "pods")]
[RequiresAccess("list", "networking.k8s.io", "ingressclasses,ingresses")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
[RequiresAccess("list", "traefik.io", "middlewares")]
[RequiresAccess("list", "volsync.backube", "replicationsources,replicationdestinations")]
[RequiresAccess("list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "", "namespaces,services")]
[RequiresAccess("list", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("watch", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "discovery.k8s.io", "endpointslices")]
[RequiresAccess("create", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metallb.io", "bgppeers")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterrolebindings,clusterroles,rolebindings,roles")]
public sealed class InvokeHomelabCheckCommand : ClusterCmdlet
{
    private readonly CheckReading _reading = new();

    /// <summary>Name of the check.</summary>
    [Parameter(Position = 0, ParameterSetName = "ByName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CheckCompleter))]
    public string Name { get; set; } = "homelab";

    /// <summary>File of the check.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "ByPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    private protected override void End()
    {
        var path = FullPath(Path) ?? CheckStore.ForUser().PathOf(Name);
        var plan = CheckStore.Read(path);
        if (!ShouldProcess(Messages.CheckRun(plan.Name), Messages.CheckRunQuestion(plan.Name), Messages.Confirm))
        {
            return;
        }

        using var held = Await(stop => CheckStore.HoldAsync(path, stop));
        if (held is null)
        {
            WriteWarning(Messages.CheckBusy(plan.Name));
            return;
        }

        // What the command line says comes first, so that a check can be tried elsewhere.
        if (!IsClusterTyped)
        {
            (KubeConfig, Context) = (plan.KubeConfig, [.. plan.Contexts ?? []]);
        }

        Test(plan);
        var (address, lack) = Address(plan);
        var (result, failure) = Await(stop => CheckRun.EndAsync(path, plan, _reading, address, lack, stop));
        if (failure is not null)
        {
            WriteWarning(Messages.WebhookFailed(failure));
        }

        WriteObject(result);
    }

    // That a cluster could not be asked is what somebody wants to be told most.
    private void Test(CheckPlan plan)
    {
        try
        {
            var config = LoadConfig(plan.ConfigPath);
            DrainClusters<HomelabFinding>((client, stop) => _reading.ReadAsync(client, new() { Areas = plan.Areas ?? [], Config = config, Repository = plan.Repository ?? config.Repository }, stop), _reading.Findings.Add);
        }
        catch (HomelabException error)
        {
            _reading.Fail(error.Id, error.Message);
        }

        if (HasFailed)
        {
            _reading.Fail(nameof(Messages.CheckIncomplete), Messages.CheckIncomplete);
        }
    }

    // The check counts also where nobody can be told of it.
    private static (Uri? Address, string? Lack) Address(CheckPlan plan)
    {
        try
        {
            return (WebhookAddress.Find(plan.WebhookFile, Environment.GetEnvironmentVariable), null);
        }
        catch (HomelabException error)
        {
            return (null, error.Message);
        }
    }
}
