namespace HomelabOps.Core.Reporting.Prometheus;

/// <summary>Writes a report as metrics. Labels are few and of few values, so that each run continues the series of the last one.</summary>
internal static class PrometheusReport
{
    /// <summary>The text.</summary>
    public static string Render(HomelabReport report)
    {
        var text = new MetricsText();
        Overview(text, report);
        Workloads(text, report);
        Storage(text, report);
        Usage(text, report);
        return text.ToString();
    }

    private static void Overview(MetricsText text, HomelabReport report)
    {
        var cluster = report.Cluster;
        text.Gauge("homelab_report_timestamp_seconds", "When the homelab was read.", [(Of(cluster), Seconds(report.Time))]);
        text.Gauge("homelab_report_duration_seconds", "How long reading it took.", [(Of(cluster), report.Duration.TotalSeconds)]);
        text.Gauge("homelab_report_gaps", "Parts that could not be read.", [(Of(cluster), report.Gaps.Count)]);
        text.Gauge("homelab_healthy", "1 where nothing is wrong and nothing was left unread.", [(Of(cluster), One(report.Healthy))]);
        text.Gauge("homelab_findings", "Findings by area and severity.", Enum.GetValues<HomelabArea>().SelectMany(area => Enum.GetValues<FindingSeverity>().Select(severity =>
            (Of(cluster, "area", area.ToString(), "severity", severity.ToString()), (double?)report.Findings.Count(finding => finding.Area == area && finding.Severity == severity)))));
        text.Gauge("homelab_finding_info", "1 for each finding.", report.Findings.Select(finding =>
            (Of(cluster, "area", finding.Area.ToString(), "severity", finding.Severity.ToString(), "reason", finding.Reason, "kind", finding.Kind, "namespace", finding.Namespace, "name", finding.Name), (double?)1)));
        text.Gauge("homelab_certificate_not_after_seconds", "When a certificate ends.", (report.Certificates ?? []).Select(certificate =>
            (Of(cluster, "purpose", ReportWords.Of(certificate), "kind", certificate.Target.Kind, "namespace", certificate.Target.Namespace, "name", certificate.Target.Name), (double?)Seconds(certificate.NotAfter))));

        // Those of other clusters are in the files of these; the same series may not be in two files of a collector.
        text.Gauge("homelab_operations", "Operations on this cluster that the machine which wrote this has begun, by status.", Enum.GetValues<OperationStatus>().Where(_ => report.Operations is not null).Select(status =>
            (Of(cluster, "status", status.ToString()), (double?)report.Operations!.Count(operation => operation.Cluster == cluster && operation.Status == status))));
    }

    private static void Workloads(MetricsText text, HomelabReport report)
    {
        var (cluster, flux, apps, nodes) = (report.Cluster, report.Flux ?? [], report.Apps ?? [], report.Nodes ?? []);
        text.Gauge("homelab_flux_ready", "1 where an object of Flux is ready, 0 where not, NaN where nothing says so.", flux.Select(item =>
            (Of(item), (double?)(item.Ready switch { ConditionStatus.True => 1, ConditionStatus.False => 0, _ => double.NaN }))));
        text.Gauge("homelab_flux_suspended", "1 where an object of Flux is suspended.", flux.Select(item => (Of(item), One(item.Suspended))));
        text.Gauge("homelab_app_healthy", "1 where an application is healthy.", apps.Select(app => (Of(app), One(app.Healthy))));
        text.Gauge("homelab_app_stopped", "1 where somebody has stopped an application.", apps.Select(app => (Of(app), One(app.Stopped))));
        text.Gauge("homelab_app_replicas", "Pods that an application ought to have.", apps.Select(app => (Of(app), (double?)app.Replicas)));
        text.Gauge("homelab_app_ready_replicas", "Pods of an application that are ready.", apps.Select(app => (Of(app), (double?)app.ReadyReplicas)));
        text.Gauge("homelab_node_ready", "1 where a node is ready.", nodes.Select(node => (Node(node), One(node.Ready))));
        text.Gauge("homelab_node_schedulable", "0 where a node is cordoned.", nodes.Select(node => (Node(node), One(node.Schedulable))));
        text.Gauge("homelab_node_disk_free_bytes", "What is free on a node's disk.", nodes.Select(node => (Node(node), (double?)node.DiskFree)));
        text.Gauge("homelab_node_disk_total_bytes", "How large a node's disk is.", nodes.Select(node => (Node(node), (double?)node.DiskTotal)));

        string[] Node(HomelabNode node) => Of(cluster, "node", node.Name);
    }

    private static void Storage(MetricsText text, HomelabReport report)
    {
        var (cluster, volumes, replications, syncthings) = (report.Cluster, report.Volumes ?? [], report.Replications ?? [], (report.Syncthings ?? []).Where(item => item.State != SyncthingState.Unread).ToList());
        text.Gauge("homelab_volume_healthy", "1 where a claim or volume is as it should be.", volumes.Select(volume => (Volume(volume), One(volume.Healthy))));
        text.Gauge("homelab_volume_capacity_bytes", "How large a volume is.", volumes.Select(volume => (Volume(volume), (double?)volume.Capacity)));
        text.Gauge("homelab_volume_used_bytes", "What is used of a volume, or of the filesystem that it shares.", volumes.Select(volume => (Volume(volume), (double?)volume.Used)));
        text.Gauge("homelab_volume_filesystem_bytes", "How large the filesystem is that a volume shares.", volumes.Select(volume => (Volume(volume), (double?)volume.FileSystemSize)));
        text.Gauge("homelab_replication_healthy", "1 where a replication is healthy.", replications.Select(item => (Of(item), One(item.Healthy))));
        text.Gauge("homelab_replication_lag_seconds", "How old the copy is.", replications.Select(item => (Of(item), item.Lag?.TotalSeconds)));
        text.Gauge("homelab_syncthing_in_sync", "1 where neither side of a Syncthing lacks anything.", syncthings.Select(item => (Syncthing(item), One(item.InSync))));
        text.Gauge("homelab_syncthing_need_bytes", "What a Syncthing lacks.", syncthings.Select(item => (Syncthing(item), (double?)item.NeedBytes)));

        string[] Volume(HomelabVolume volume) => Of(cluster, "namespace", volume.Namespace, "claim", volume.Claim, "volume", volume.Volume, "node", volume.Node);
        string[] Syncthing(SyncthingStatus item) => [.. Of(item), "folder", item.Folder, "peer", item.Peer];
    }

    private static void Usage(MetricsText text, HomelabReport report)
    {
        var usage = report.Usage ?? [];
        text.Gauge("homelab_cpu_cores", "Cores that a node or pod uses.", usage.Select(item => (Of(item), (double?)item.Cpu)));
        text.Gauge("homelab_cpu_request_cores", "Cores that are requested.", usage.Select(item => (Of(item), item.CpuRequest)));
        text.Gauge("homelab_cpu_limit_cores", "Cores that are the limit.", usage.Select(item => (Of(item), item.CpuLimit)));
        text.Gauge("homelab_memory_bytes", "Memory that a node or pod uses.", usage.Select(item => (Of(item), (double?)item.Memory)));
        text.Gauge("homelab_memory_request_bytes", "Memory that is requested.", usage.Select(item => (Of(item), (double?)item.MemoryRequest)));
        text.Gauge("homelab_memory_limit_bytes", "Memory that is the limit.", usage.Select(item => (Of(item), (double?)item.MemoryLimit)));
    }

    private static string[] Of(string cluster, params ReadOnlySpan<string> labels) => ["cluster", cluster, .. labels];

    private static string[] Of(HomelabRecord record) => Of(record.Cluster, "kind", record.Kind, "namespace", record.Namespace, "name", record.Name);

    private static double? One(bool value) => value ? 1 : 0;

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
