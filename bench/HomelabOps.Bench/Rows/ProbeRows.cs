using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>How long it takes to look at many nodes of an embedded homelab through a pod each. Its kubelets start them at once, so that what is left is ours.</summary>
internal static class ProbeRows
{
    public const string Group = "probes";
    private const int Nodes = 200;
    private const double Limit = 5000;

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var module = HostedModule.WithSandbox(context.ModuleManifest, $"@{{ Nodes = {Nodes} }}");
        try
        {
            var times = context.Interleave()
                .Time("mounts", () => module.Run("Test-NfsMount * -Path / -ProbeTimeoutSeconds 60 | Out-Null"))
                .Medians();
            return [Row.Duration(Group, $"Test-NfsMount of {Nodes} nodes of an embedded homelab, a pod each", times["mounts"], Limit)];
        }
        finally
        {
            module.Run("Disconnect-Homelab | Out-Null");
        }
    }
}
