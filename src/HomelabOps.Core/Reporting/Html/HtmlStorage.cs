namespace HomelabOps.Core.Reporting.Html;

/// <summary>The sections of volumes and of their replication.</summary>
internal static class HtmlStorage
{
    private const double High = 0.85;

    public static void Write(HtmlBuilder page, HomelabReport report)
    {
        page.Section("volumes", "Volumes", report.Volumes is not null);
        if (report.Volumes is { } volumes)
        {
            page.Table("Volumes", ("Claim", "State", "Use"), volumes.OrderBy(volume => volume.Healthy), volume =>
            {
                var name = volume.Claim.Length > 0 ? volume.Claim : volume.Volume;
                page.Cell(name, $"{volume.Namespace} {volume.App}".Trim(), volume.Node.Length > 0 ? $"on {volume.Node}" : "")
                    .StateCell((volume.Healthy ? PartState.Well : PartState.Unwell, volume.Phase), volume.Claim.Length == 0 ? "no claim" : "").AddOwn("<td>");
                double? share = volume is { Used: { } used, Capacity: > 0 and { } capacity } ? (double)used / capacity : null;
                page.Bar(volume.Used is null ? Display.Bytes(volume.Capacity) : $"{Display.Bytes(volume.Used)} of {Display.Bytes(volume.Capacity)}", share, share > High).AddOwn("</td>");
            });
        }

        page.AddOwn("</section>\n");
        Replications(page, report);
    }

    private static void Replications(HtmlBuilder page, HomelabReport report)
    {
        page.Section("replications", "Replication", report.Replications is not null);
        if (report.Replications is { Count: 0 })
        {
            page.AddOwn("<p>There is none.</p>");
        }

        if (report.Replications is { Count: > 0 } replications)
        {
            page.Table("Replications", ("Replication", "State", "Lag"), replications.OrderBy(replication => replication.Healthy).ThenByDescending(replication => replication.Lag), replication =>
                page.Cell(replication.Name, $"{replication.Kind}, {replication.Namespace}", replication.Method).StateCell(PartStates.Of(replication), replication.Healthy ? "" : replication.Message)
                    .Cell(replication.Lag is null ? "not known" : Display.Duration(replication.Lag), replication.LastSync is { } last ? $"last {HtmlReport.Moment(new DateTimeOffset(last))}" : "", replication.Schedule));
        }

        if (report.Syncthings is { Count: > 0 } syncthings)
        {
            page.AddOwn("<h3>Syncthing</h3>");
            page.Table("Syncthings", ("Application", "State", "Lacks"), syncthings.OrderBy(syncthing => syncthing.Healthy), syncthing =>
                page.Cell(syncthing.App.Length > 0 ? syncthing.App : syncthing.Name, $"{syncthing.Role} on {syncthing.Node}").StateCell(PartStates.Of(syncthing), syncthing.Healthy ? "" : syncthing.Message)
                    .Cell(syncthing.NeedBytes is null ? "not known" : Display.Bytes(syncthing.NeedBytes), syncthing.NeedItems is { } items ? Counted.Of(items, "item") : "", syncthing.Conflicts.Count > 0 ? Counted.Of(syncthing.Conflicts.Count, "conflict") : ""));
        }

        page.AddOwn("</section>\n");
    }
}
