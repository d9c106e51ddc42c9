using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>The variables by which a container finds Services: that of the API server always, those of its namespace unless it wants none.</summary>
internal static class ServiceVariables
{
    private const string ApiServer = "kubernetes";

    /// <summary>The variables that a kubelet gives each container of a pod.</summary>
    public static IEnumerable<(string Name, string Value)> Of(JsonObject pod, ClusterView cluster)
    {
        var @namespace = Cells.Text(pod, "metadata.namespace");
        var linked = (bool?)pod["spec"]?["enableServiceLinks"] == false ? [] : cluster.Services.In(@namespace).Where(service => Cells.Text(service, "metadata.name") != ApiServer || @namespace != "default");
        var server = cluster.Services.Find("default", ApiServer);
        return linked.Concat(server is null ? [] : [server]).SelectMany(Of);
    }

    private static IEnumerable<(string Name, string Value)> Of(JsonObject service)
    {
        var address = Cells.Text(service, "spec.clusterIP");
        var ports = Cells.Items(service, "spec.ports").Select(port => (Name: Cells.Text(port, "name"), Number: Cells.Text(port, "port"), Protocol: Cells.Text(port, "protocol", "TCP"))).ToList();
        if (address is "" or "None" || ports.Count == 0)
        {
            yield break;
        }

        var name = Variable(Cells.Text(service, "metadata.name"));
        yield return ($"{name}_SERVICE_HOST", address);
        yield return ($"{name}_SERVICE_PORT", ports[0].Number);
        foreach (var port in ports.Where(port => port.Name.Length > 0))
        {
            yield return ($"{name}_SERVICE_PORT_{Variable(port.Name)}", port.Number);
        }

        yield return ($"{name}_PORT", Url(ports[0].Protocol, ports[0].Number));
        foreach (var (_, number, protocol) in ports)
        {
            var prefix = $"{name}_PORT_{number}_{protocol}";
            yield return (prefix, Url(protocol, number));
            yield return ($"{prefix}_PROTO", protocol.ToLowerInvariant());
            yield return ($"{prefix}_PORT", number);
            yield return ($"{prefix}_ADDR", address);
        }

        string Url(string protocol, string number) => $"{protocol.ToLowerInvariant()}://{address}:{number}";
    }

    private static string Variable(string name) => name.Replace('-', '_').ToUpperInvariant();
}
