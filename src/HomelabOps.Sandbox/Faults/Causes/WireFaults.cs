using HomelabOps.Sandbox.Faults.Effects;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>Faults between the API server and its clients. The homelab's own controllers are not met by them.</summary>
internal static class WireFaults
{
    public static IEnumerable<FaultDefinition> All =>
    [
        Of("WireUnauthorized", "The server answers 401: the credentials have expired.", WireFaultKind.Unauthorized),
        Of("WireForbidden", "The server answers 403: the user lacks the right.", WireFaultKind.Forbidden),
        Of("WireTooManyRequests", "The server answers 429, with Retry-After.", WireFaultKind.TooManyRequests),
        Of("WireInternalError", "The server answers 500: its etcd does not answer.", WireFaultKind.InternalError),
        Of("WireUnavailable", "The server answers 503.", WireFaultKind.Unavailable),
        Of("WireConnectionReset", "Connections are reset without an answer.", WireFaultKind.ConnectionReset),
        Of("WireStalledBody", "Answers begin and do not go on.", WireFaultKind.StalledBody),
        Of("WireSlow", "Answers come late, after five seconds.", WireFaultKind.Slow),
        Of("WireWatchCut", "Watches end as soon as they begin.", WireFaultKind.WatchCut),
        Of("WireGone", "Lists and watches are answered with 410: what they continue is forgotten.", WireFaultKind.Gone),
    ];

    private static FaultDefinition Of(string name, string description, WireFaultKind kind) => new(
        new(name, FaultTargetKind.Resource, description),
        Targets.Resources,
        (scene, target, _) =>
        {
            var isOn = true;
            var fault = scene.Wire.Add(new WireFault(kind) { Resource = target.Length == 0 ? null : target });
            return Task.FromResult<IFaultEffect>(new SwitchEffect(() => Volatile.Read(ref isOn), () =>
            {
                Volatile.Write(ref isOn, false);
                fault.Dispose();
            }));
        });
}
