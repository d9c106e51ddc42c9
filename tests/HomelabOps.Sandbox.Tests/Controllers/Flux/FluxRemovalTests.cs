using System.Text.Json.Nodes;
using HomelabOps.Core.Flux.Comparing;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>What goes along with releases and namespaces that a Kustomization takes with it.</summary>
public sealed class FluxRemovalTests
{
    private const string Data = "apiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n";
    private const string Claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: books, namespace: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";

    private static readonly string Release = DeliveryTests.Release.Replace("values: {", "values: {service: {main: {ports: {http: {port: 80}}}}, ", StringComparison.Ordinal);

    // What Flux would leave goes with its namespace all the same.
    private static readonly string Kept = Claim.Replace("name: books", "name: kept", StringComparison.Ordinal).Replace("namespace: data", "namespace: data, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}", StringComparison.Ordinal);

    [Fact]
    public async Task Releases_take_what_they_consist_of_along_and_namespaces_their_claims()
    {
        await using var flux = await FluxCluster.StartAsync();
        flux.Git.Commit("one", ("apps/release.yaml", Release), ("apps/data.yaml", Data + "---\n" + Kept));
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("apps", "");
        await flux.ReadyAsync("apps");
        await flux.ApplyAsync(Claim);
        await Cluster.UntilAsync(async () => await flux.Client.FindObjectAsync(Types.Deployment, "default", "app", Cluster.Stop) is not null, "the release is there");
        string[] own = ["HelmRelease/default/app", "Namespace/data", "OCIRepository/default/app", "PersistentVolumeClaim/data/books", "PersistentVolumeClaim/data/kept"];
        await UntilTakenAsync([.. own, "Deployment/default/app", "Service/default/app"]);

        // What Helm is to keep stays, and so does all of a release that is suspended.
        await flux.Client.PatchAsync(Types.Deployment, "default", "app", PatchKind.Merge, JsonNode.Parse("""{"metadata":{"annotations":{"helm.sh/resource-policy":"keep"} } }""")!, Cluster.Stop);
        await UntilTakenAsync([.. own, "Service/default/app"]);
        await flux.Client.PatchAsync(Types.HelmRelease, "default", "app", PatchKind.Merge, JsonNode.Parse("""{"spec":{"suspend":true} }""")!, Cluster.Stop);
        await UntilTakenAsync(own);

        async Task UntilTakenAsync(IReadOnlyList<string> expected)
        {
            // Helm writes its storage when all is made.
            IReadOnlyList<string> last = [];
            await Cluster.UntilAsync(
                async () =>
                {
                    var (taken, failures) = await FluxRemoval.RunAsync(flux.Client, [new(flux.Client.Name, "Kustomization", flux.Space, "apps")], Cluster.Stop);
                    Assert.Empty(failures);
                    last = [.. taken.Select(item => item.ToString()).Order(StringComparer.Ordinal)];
                    return last.SequenceEqual(expected.Order(StringComparer.Ordinal));
                },
                $"{string.Join(", ", expected)} are taken along, not {string.Join(", ", last)}");
        }
    }
}
