using System.Management.Automation;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Reporting;

namespace HomelabOps.Cmdlets.Reporting;

/// <summary>Writes all that is known of a homelab into one file.</summary>
[Cmdlet(VerbsData.Export, "HomelabReport", SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Export-HomelabReport.md")]
[OutputType(typeof(FileInfo))]
[RequiresAccess("list", "", "namespaces,nodes,pods,persistentvolumeclaims,persistentvolumes,configmaps,secrets,serviceaccounts,services,endpoints,events")]
[RequiresAccess("get", "", "configmaps,secrets,pods/log,pods/proxy,nodes/proxy")]
[RequiresAccess("create,delete,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/portforward")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "apps", "deployments,statefulsets,daemonsets")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("list", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metrics.k8s.io", "nodes,pods")]
[RequiresAccess("list", "networking.k8s.io", "ingressclasses,ingresses")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
[RequiresAccess("list", "traefik.io", "middlewares")]
[RequiresAccess("list", "volsync.backube", "*")]
[RequiresAccess("get,list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "", "namespaces,services")]
[RequiresAccess("list", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("list", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("watch", "coordination.k8s.io", "leases")]
[RequiresAccess("list", "discovery.k8s.io", "endpointslices")]
[RequiresAccess("create", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metallb.io", "bgppeers")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterrolebindings,clusterroles,rolebindings,roles")]
public sealed class ExportHomelabReportCommand : ClusterCmdlet
{
    /// <summary>The file, or the folder to put it into.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "homelab-report.html in the current folder")]
    public string? Path { get; set; }

    /// <summary>As what it is written.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "by the ending of -Path, else Html")]
    public ReportFormat[] Format { get; set; } = [];

    /// <summary>Never replaces a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Seconds that looking at each node may take.</summary>
    [Parameter]
    [ValidateRange(3, 3600)]
    public int ProbeTimeoutSeconds { get; set; } = 15;

    private protected override void End()
    {
        // Nobody waits for a report that cannot be kept.
        var plan = ReportPlan.Of(FullPath(Path) ?? WorkingFolder, Format);
        plan.Check(NoClobber);
        var (client, config) = (FindClient(), Config());
        var files = string.Join(", ", plan.Files.Select(file => file.Path));
        if (!ShouldProcess(Messages.ReportWrite(client.Name, files), Messages.ReportWriteQuestion(client.Name, files), Messages.Confirm))
        {
            return;
        }

        var query = new HomelabTestQuery { Config = config, Probe = new ProbeOptions { Timeout = TimeSpan.FromSeconds(ProbeTimeoutSeconds) } }.For(client);
        var report = Await(stop => new ReportReader(client, query) { IsSandbox = Session.Default is { Connection.IsSandbox: true } session && ReferenceEquals(session.Client, client) }.ReadAsync(stop));
        foreach (var gap in report.Gaps.DistinctBy(gap => gap.Message))
        {
            WriteWarning(gap.Message);
        }

        foreach (var file in plan.Write(report, NoClobber))
        {
            WriteObject(file);
        }
    }
}
