using System.Text.Json;

namespace HomelabOps.Core.Reporting.Json;

/// <summary>Writes a report as versioned JSON.</summary>
internal static class JsonReport
{
    /// <summary>The text, with a line end.</summary>
    public static string Render(HomelabReport report) => JsonSerializer.Serialize(Document(report), ReportJsonContext.Default.ReportDocument) + "\n";

    private static ReportDocument Document(HomelabReport report) => new()
    {
        SchemaVersion = ReportDocument.Version,
        Time = report.Time.ToUniversalTime(),
        ReadSeconds = Math.Round(report.Duration.TotalSeconds, 3),
        Cluster = new(report.Cluster, report.Server, report.Connection?.KubernetesVersion, report.Connection?.FluxVersion, report.Connection?.IsSandbox == true),
        Healthy = report.Healthy,
        Gaps = report.Gaps,
        Findings = [.. report.Findings.Select(finding => new ReportFinding(finding.Area, finding.Severity, finding.Reason, finding.Message, Of(finding.Target), Of(finding.RootCause), finding.Evidence, finding.Remedy, finding.File, finding.Line))],
        Flux = Map(report.Flux, item => new ReportFlux(item.Kind, item.Namespace, item.Name, item.Ready, item.Healthy, item.Suspended, item.Stale, item.Reason, item.Message, item.Revision, Of(item.Source), Of(item.Owner), Of(item.RootCause), Utc(item.LastReconciled))),
        Apps = Map(report.Apps, app => new ReportApp(app.Kind, app.Namespace, app.Name, app.Healthy, app.Stopped, app.Reason, app.Message, app.Image, app.Replicas, app.ReadyReplicas, app.Nodes, app.Side, Of(app.Kustomization), Of(app.HelmRelease))),
        Nodes = Map(report.Nodes, node => new ReportNode(node.Name, node.Ready, node.Healthy, node.Schedulable, node.Pressure, node.Roles, node.Version, node.DiskFree, node.DiskTotal)),
        Usage = Map(report.Usage, item => new ReportUsage(item.Kind, item.Namespace, item.Name, item.Cpu, item.CpuRequest, item.CpuLimit, item.Memory, item.MemoryRequest, item.MemoryLimit)),
        Volumes = Map(report.Volumes, item => new ReportVolume(item.Namespace, item.Claim, item.Volume, item.App, item.Phase, item.Healthy, item.Node, item.Class, item.Capacity, item.Used, item.FileSystemSize)),
        Replications = Map(report.Replications, item => new ReportReplication(item.Kind, item.Namespace, item.Name, item.App, item.Method, item.State, item.Healthy, item.Lag?.TotalSeconds, Utc(item.LastSync), Utc(item.NextSync), item.Message)),
        Syncthings = Map(report.Syncthings, item => new ReportSyncthing(item.Kind, item.Namespace, item.Name, item.App, item.Role, item.State, item.Healthy, item.InSync, item.Connected, item.CompletionPercent, item.NeedBytes, item.NeedItems, item.Conflicts.Count, item.Node, item.Message)),
        Certificates = Map(report.Certificates, item => new ReportCertificate(Of(item.Target)!, ReportWords.Of(item), item.NotAfter.ToUniversalTime(), Math.Round((item.NotAfter - report.Time).TotalSeconds), [.. item.Users.Select(user => Of(user)!)])),
        Operations = Map(report.Operations, item => new ReportOperation(item.Id, item.Kind, item.Status, item.Cluster, Utc(item.Started)!.Value, Utc(item.Ended), item.Apps, item.From, item.To)),
    };

    private static List<TOut>? Map<TIn, TOut>(IReadOnlyList<TIn>? items, Func<TIn, TOut> map) => items?.Select(map).ToList();

    private static ReportReference? Of(ResourceReference? reference) => reference is null ? null : new(reference.Kind, reference.Namespace, reference.Name);

    private static DateTimeOffset? Utc(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
