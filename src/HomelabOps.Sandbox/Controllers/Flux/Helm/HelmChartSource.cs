using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Flux.Helm;

/// <summary>Where a HelmRelease gets its chart from, and whom it waits for.</summary>
internal static class HelmChartSource
{
    /// <summary>The source of the chart: what chartRef names, or the HelmChart that is made of its template.</summary>
    public static (string Kind, ObjectName Name) Of(JsonObject release)
    {
        var (space, name) = ObjectName.Of(release);
        return Cells.Text(release, "spec.chartRef.kind") is { Length: > 0 } kind
            ? (kind, new(Cells.Text(release, "spec.chartRef.namespace", space), Cells.Text(release, "spec.chartRef.name")))
            : (Types.HelmChart.Kind, new(Cells.Text(release, "spec.chart.spec.sourceRef.namespace", space), $"{space}-{name}"));
    }

    /// <summary>Name and version of the chart. In a registry it is called as the last part of its address, and its version is the tag.</summary>
    public static (string Chart, string Version) Chart(JsonObject release, JsonObject source)
    {
        var revision = Cells.Text(source, "status.artifact.revision");
        return Cells.Text(source, "kind") == Types.OciRepository.Kind
            ? (Cells.Text(source, "spec.url").Split('/')[^1], revision.Split('@')[0])
            : (Cells.Text(release, "spec.chart.spec.chart", Cells.Text(source, "spec.chart")), revision);
    }

    /// <summary>The releases that come before it.</summary>
    public static IEnumerable<ObjectName> Dependencies(JsonObject release) =>
        Cells.Items(release, "spec.dependsOn").Select(reference => new ObjectName(Cells.Text(reference, "namespace", ObjectName.Of(release).Namespace), Cells.Text(reference, "name")));
}
