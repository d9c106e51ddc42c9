namespace HomelabOps.Core.Reporting.Html;

/// <summary>The sections of certificates and of operations.</summary>
internal static class HtmlRest
{
    public static void Write(HtmlBuilder page, HomelabReport report)
    {
        page.Section("certificates", "Certificates", report.Certificates is not null);
        if (report.Certificates is { Count: 0 })
        {
            page.AddOwn("<p>None is known.</p>");
        }

        if (report.Certificates is { Count: > 0 } certificates)
        {
            page.Table("Certificates", ("Certificate", "State", "Ends"), certificates.OrderBy(certificate => certificate.NotAfter), certificate =>
            {
                var left = certificate.NotAfter - report.Time;
                var state = left <= TimeSpan.Zero ? (PartState.Unwell, "ended") : left < certificate.Window ? (PartState.Unwell, "ends soon") : (PartState.Well, "valid");
                page.Cell(certificate.Target.ToString(), ReportWords.Of(certificate), string.Join(", ", certificate.Users)).StateCell(state)
                    .Cell(HtmlReport.Moment(certificate.NotAfter.ToOffset(report.Time.Offset)), left > TimeSpan.Zero ? $"in {Display.Duration(left)}" : "");
            });
        }

        page.AddOwn("</section>\n");
        Operations(page, report);
    }

    private static void Operations(HtmlBuilder page, HomelabReport report)
    {
        page.Section("operations", "Operations of this machine", report.Operations is not null);
        if (report.Operations is { Count: 0 })
        {
            page.AddOwn("<p>None was begun.</p>");
        }

        if (report.Operations is { Count: > 0 } operations)
        {
            page.Table("Operations", ("Operation", "State", "Begun"), operations.Take(50), operation =>
                page.Cell(operation.Kind.ToString(), operation.Id, string.Join(", ", operation.Apps)).StateCell(PartStates.Of(operation), $"{operation.Steps.Count(step => step.Status == OperationStepStatus.Completed)} of {operation.Steps.Count} steps")
                    .Cell(HtmlReport.Moment(new DateTimeOffset(operation.Started)), $"{operation.From} to {operation.To}"));
        }

        page.AddOwn("</section>\n");
    }
}
