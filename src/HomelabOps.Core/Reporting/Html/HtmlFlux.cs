namespace HomelabOps.Core.Reporting.Html;

/// <summary>The sections of Flux and of applications.</summary>
internal static class HtmlFlux
{
    public static void Write(HtmlBuilder page, HomelabReport report)
    {
        page.Section("flux", "Flux", report.Flux is not null);
        if (report.Flux is { Count: > 0 } flux)
        {
            page.AddOwn("""<div class="p">""").AddOwn("\n");
            FluxPicture.Draw(page, flux, report.Apps ?? []);
            page.AddOwn("</div>");
            page.Table("Objects of Flux", ("Object", "State", "Revision"), Ordered(flux), resource =>
            {
                var message = resource is { Ready: ConditionStatus.True, Stale: false } ? "" : resource.RootCause is { } cause ? $"blocked by {cause}" : resource.Message;
                var suspension = resource.Suspended ? resource.Suspension?.ToString() ?? "" : "";
                page.Cell(resource.Name, $"{resource.Kind}, {resource.Namespace}").StateCell(PartStates.Of(resource), suspension.Length > 0 ? suspension : message)
                    .Cell(Display.Revision(resource.Revision), resource.LastReconciled is null ? "" : $"{Display.Since(resource.LastReconciled)} ago");
            });
        }
        else if (report.Flux is not null)
        {
            page.AddOwn("<p>Flux is not installed.</p>");
        }

        page.AddOwn("</section>\n");
        Apps(page, report);
    }

    // What is wrong is read first.
    private static IEnumerable<FluxResource> Ordered(IReadOnlyList<FluxResource> flux) =>
        flux.OrderBy(resource => resource.Healthy).ThenBy(resource => resource.Kind, StringComparer.Ordinal).ThenBy(resource => resource.Namespace, StringComparer.Ordinal).ThenBy(resource => resource.Name, StringComparer.Ordinal);

    private static void Apps(HtmlBuilder page, HomelabReport report)
    {
        page.Section("apps", "Applications", report.Apps is not null);
        if (report.Apps is { } apps)
        {
            page.Table("Applications", ("Application", "State", "Where"), apps.OrderBy(app => app.Healthy).ThenBy(app => app.Namespace, StringComparer.Ordinal).ThenBy(app => app.Name, StringComparer.Ordinal), app =>
                page.Cell(app.Name, $"{app.Kind}, {app.Namespace}", app.Image).StateCell(PartStates.Of(app), app.Healthy ? "" : app.Stop?.ToString() ?? app.Message)
                    .Cell(app.Node.Length > 0 ? app.Node : string.Join(", ", app.Nodes), $"{app.ReadyReplicas} of {app.Replicas} ready", app.Side is { } side ? $"{side} side" : ""));
        }

        page.AddOwn("</section>\n");
    }
}
