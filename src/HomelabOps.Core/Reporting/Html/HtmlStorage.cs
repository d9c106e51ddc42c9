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
                var share = volume.UsedPercent / 100;
                page.Bar(UseOf(volume), share, share > High).AddOwn("</td>");
            });
        }

        page.AddOwn("</section>\n");
        Replications(page, report);
    }

    // What others have on the same filesystem is no use of this volume.
    private static string UseOf(HomelabVolume volume) => volume switch
    {
        { Used: null } => Display.Bytes(volume.Capacity),
        { FileSystemSize: { } size } => $"{Display.Bytes(volume.Capacity)} on a filesystem of {Display.Bytes(size)}, {Display.Bytes(volume.Used)} used",
        _ => $"{Display.Bytes(volume.Used)} of {Display.Bytes(volume.Capacity)}",
    };

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
