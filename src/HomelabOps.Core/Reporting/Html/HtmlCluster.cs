namespace HomelabOps.Core.Reporting.Html;

/// <summary>The sections of nodes and of what is used of them.</summary>
internal static class HtmlCluster
{
    private const double High = 0.85;
    private const int MostPods = 30;

    public static void Write(HtmlBuilder page, HomelabReport report)
    {
        page.Section("nodes", "Nodes", report.Nodes is not null);
        if (report.Nodes is { } nodes)
        {
            page.Table("Nodes", ("Node", "State", "Disk"), nodes, node =>
            {
                page.Cell(node.Name, string.Join(", ", node.Roles), $"{node.Version}, {node.OperatingSystem}").StateCell(PartStates.Of(node), node.Suspension?.ToString() ?? (node.Healthy ? "" : node.Message)).AddOwn("<td>");
                if (node is { DiskFree: { } free, DiskTotal: > 0 and { } total })
                {
                    var share = 1 - ((double)free / total);
                    page.Bar($"{share:0%} of {Display.Bytes(total)}, {Display.Bytes(free)} free", share, share > High);
                }
                else
                {
                    page.AddOwn("not known");
                }

                page.AddOwn("</td>");
            });
        }

        page.AddOwn("</section>\n");
        Usage(page, report);
    }

    private static void Usage(HtmlBuilder page, HomelabReport report)
    {
        page.Section("usage", "Use against requests and limits", report.Usage is not null);
        if (report.Usage is { Count: 0 })
        {
            page.AddOwn("<p>Nobody measures it.</p>");
        }

        if (report.Usage is { Count: > 0 } usage)
        {
            Table(page, "Nodes", usage.Where(item => item.Kind == "Node"));
            var pods = usage.Where(item => item.Kind == "Pod").OrderByDescending(Weight).ThenByDescending(item => item.Memory).ToList();
            if (pods.Count > MostPods)
            {
                page.Add($"<p>The {MostPods} of {pods.Count} pods that are nearest to their limits. All of them are in the report as JSON.</p>");
            }

            Table(page, "Pods", pods.Take(MostPods));
        }

        page.AddOwn("</section>\n");
    }

    private static double Weight(HomelabUsage usage) => Math.Max(Share(usage.Cpu, usage.CpuLimit) ?? 0, Share(usage.Memory, usage.MemoryLimit) ?? 0);

    private static double? Share(double used, double? of) => of is > 0 ? used / of : null;

    private static void Table(HtmlBuilder page, string what, IEnumerable<HomelabUsage> rows) => page.Table($"Use by {what}", (what, "CPU", "Memory"), rows, usage =>
    {
        // A node's share is of what it has, a pod's of its limit.
        var isNode = usage.Kind == "Node";
        var (cpu, memory) = isNode ? (usage.CpuPercent / 100, usage.MemoryPercent / 100) : (Share(usage.Cpu, usage.CpuLimit), Share(usage.Memory, usage.MemoryLimit));
        page.Cell(usage.Name, usage.Namespace).AddOwn("<td>");
        page.Bar($"{Display.Cpu(usage.Cpu)}{Percent(cpu)}", cpu, cpu > High).Add($"<small>{Bounds(Display.Cpu(usage.CpuRequest), Display.Cpu(usage.CpuLimit))}</small></td><td>");
        page.Bar($"{Display.Bytes(usage.Memory)}{Percent(memory)}", memory, memory > High).Add($"<small>{Bounds(Display.Bytes(usage.MemoryRequest), Display.Bytes(usage.MemoryLimit))}</small></td>");
    });

    private static string Percent(double? share) => share is { } part ? $", {Display.Percent(part * 100)}" : "";

    private static string Bounds(string request, string limit) => $"request {(request.Length > 0 ? request : "none")}, limit {(limit.Length > 0 ? limit : "none")}";
}
