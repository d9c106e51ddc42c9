using System.Diagnostics;
using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>How soon after the controller's answer Invoke-FluxReconcile ends, on an embedded homelab with its controllers.</summary>
internal static class ReconcileRows
{
    public const string Group = "reconcile";
    private const int Runs = 50;
    private const double Limit = 50;
    private const string Kustomizations = "apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations";
    private const string Good = "apps";
    private const string Bad = "bench-bad";

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var module = HostedModule.WithSandbox(context.ModuleManifest);
        try
        {
            using var access = ServerAccess.Read(module.Text("(Get-HomelabConnection).KubeConfigPath"));
            using var http = access.CreateClient();
            using (var api = new ServerApi(access.CreateClient()))
            {
                // Its path does not exist, so each attempt fails.
                var document = $$$"""{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"{{{Bad}}}"},"spec":{"interval":"1h","retryInterval":"1h","path":"./nowhere","prune":true,"sourceRef":{"kind":"GitRepository","name":"flux-system"} } }""";
                api.CreateAsync(Kustomizations, document).GetAwaiter().GetResult();
            }

            var journal = Environment.GetEnvironmentVariable("HOMELABOPS_STATE");
            Environment.SetEnvironmentVariable("HOMELABOPS_STATE", context.CacheFolder);
            using var answers = new StatusWatch(http, Kustomizations);
            var times = new Interleaved(Runs)
                .Add(Good, () => AfterAnswer(module, answers, Good, ""))
                .Add(Bad, () => AfterAnswer(module, answers, Bad, " -ErrorAction SilentlyContinue"))
                .Medians();
            Environment.SetEnvironmentVariable("HOMELABOPS_STATE", journal);
            return
            [
                Row.Duration(Group, $"Invoke-FluxReconcile that succeeds, from the controller's status to the end, median of {Runs}", times[Good], Limit),
                Row.Duration(Group, $"the same that fails, median of {Runs}", times[Bad], Limit),
            ];
        }
        finally
        {
            module.Run("Disconnect-Homelab | Out-Null");
        }
    }

    private static double AfterAnswer(HostedModule module, StatusWatch answers, string name, string options)
    {
        var before = Stopwatch.GetTimestamp();
        module.Run($"Invoke-FluxReconcile Kustomization/flux-system/{name}{options} | Out-Null");
        var end = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(answers.FirstAfter(name, before), end).TotalMilliseconds;
    }
}
