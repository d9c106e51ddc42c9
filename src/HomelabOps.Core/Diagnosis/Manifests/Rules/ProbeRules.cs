namespace HomelabOps.Core.Diagnosis.Manifests.Rules;

/// <summary>Probes of containers, and the ports that they name.</summary>
internal static class ProbeRules
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] Times = ["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"];

    public static IEnumerable<FieldIssue> Check(Field spec) =>
        from container in PodRules.Containers(spec)
        from name in Probes
        let probe = container[name]
        where probe.IsSet
        from issue in Probe(probe, name).Concat(Unknown(container, probe))
        select issue;

    private static IEnumerable<FieldIssue> Probe(Field probe, string name)
    {
        var handlers = Handlers.Where(handler => probe[handler].IsSet).ToArray();
        return Times.SelectMany(time => probe[time].AtLeast(0))
            .Concat(name != "readinessProbe" && probe["successThreshold"].Number > 1 ? [probe["successThreshold"].Wrong("it must be 1")] : [])
            .Concat(handlers.Skip(1).Select(handler => probe[handler].Wrong("a probe may not have more than one way to ask")))
            .Concat(handlers.Length == 0 ? [probe.Wrong($"it needs one of {string.Join(", ", Handlers)}")] : [])
            .Concat(ServiceRules.Port(probe["httpGet"]["port"])).Concat(ServiceRules.Port(probe["tcpSocket"]["port"])).Concat(probe["grpc"]["port"].Within(1, 65535));
    }

    // An API server takes it; the kubelet never finds the port, so the probe fails for ever.
    private static IEnumerable<FieldIssue> Unknown(Field container, Field probe) =>
        from port in (Field[])[probe["httpGet"]["port"], probe["tcpSocket"]["port"]]
        where port.Text is not null && container["ports"].Items.All(known => known["name"].Text is { } name ? name != port.Text : !known["name"].IsSet)
        select new FieldIssue("PortUnknown", port.Path, $"container '{container["name"].Text}' has no port '{port.Text}'");
}
