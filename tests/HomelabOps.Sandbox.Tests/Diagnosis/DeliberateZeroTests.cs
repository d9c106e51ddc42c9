using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>An application that an autoscaler, or somebody by an annotation, keeps without pods is no fault, nor is its Service.</summary>
public sealed class DeliberateZeroTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>
{
    private static readonly ResourceType Autoscaler = new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "{}")]
    [InlineData(false, """{"autoscaling.keda.sh/paused-replicas":"0"}""")]
    [InlineData(false, """{"downscaler/original-replicas":"1"}""")]
    public async Task It_is_not_reported_until_pods_are_wanted(bool isScaled, string annotations)
    {
        await homelab.UntilNothingIsFoundAsync();
        var client = homelab.Homelab.Client;
        await MakeAsync(Types.Service, """{"metadata":{"name":"idle"},"spec":{"selector":{"app":"idle"},"ports":[{"port":80}]} }""");
        await MakeAsync(Types.Deployment, $$$"""{"metadata":{"name":"idle","annotations":{{{annotations}}}},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"idle"} },"template":{"metadata":{"labels":{"app":"idle"} },"spec":{"containers":[{"name":"app","image":"docker.io/library/idle:none","envFrom":[{"configMapRef":{"name":"absent"} }]}]} } } }""");
        if (isScaled)
        {
            await MakeAsync(Autoscaler, """{"metadata":{"name":"idle"},"spec":{"minReplicas":1,"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"idle"} } }""");
        }

        try
        {
            await homelab.PassAsync(TimeSpan.FromMinutes(5));
            Assert.Equal("", DiagnosedHomelab.Text(await homelab.FindAsync()));
            await client.PatchAsync(Types.Deployment, "media", "idle", PatchKind.Merge, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 1 } }, Stop);
            await homelab.UntilAsync(async () => (await homelab.FindAsync()) is [{ Reason: "ConfigMapMissing", Target.Name: "idle" }], "its pod is what is wrong", TimeSpan.FromSeconds(5));
        }
        finally
        {
            foreach (var type in isScaled ? [Autoscaler, Types.Deployment, Types.Service] : (ResourceType[])[Types.Deployment, Types.Service])
            {
                await client.DeleteAsync(type, "media", "idle", new DeleteRequest(), CancellationToken.None);
            }
        }

        Task MakeAsync(ResourceType type, string json) => client.CreateAsync(type, "media", JsonNode.Parse(json)!.AsObject(), Stop);
    }
}
