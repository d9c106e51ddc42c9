using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Controllers.Flux;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// A planned move there and back on a real cluster: real kubelets, scheduler and volume binder, volumes of the runbook's kind on both
/// nodes, a real remote, and the module in processes of its own, one of which is killed in the middle.
/// </summary>
public sealed class LabFailoverTests : IDisposable
{
    // Nothing replicates there, and Flux' controllers run in the test.
    private const string Overridden = "DataComplete, ReversePath, Flux";

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: sonarr
          namespace: $space
        spec:
          replicas: 1
          strategy: {type: Recreate}
          selector:
            matchLabels: {app: sonarr}
          template:
            metadata:
              labels: {app: sonarr}
            spec:
              terminationGracePeriodSeconds: 0
              nodeSelector:
                role: primary # where the data is
              containers:
                - name: sonarr
                  image: docker.io/library/busybox:1.36
                  imagePullPolicy: IfNotPresent
                  command: [httpd, -f, -p, "8989", -h, /config]
                  ports: [{name: http, containerPort: 8989}]
                  readinessProbe: {httpGet: {path: /where, port: http}, periodSeconds: 1}
                  volumeMounts: [{name: config, mountPath: /config}]
              volumes:
                - name: config
                  persistentVolumeClaim:
                    claimName: pvc-sonarr

        """;

    private readonly LabOwner _owner = new();

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task An_application_moves_to_its_other_node_and_home_again()
    {
        await using var flux = await FluxCluster.StartAsync(isLab: true);
        var space = flux.Target;
        try
        {
            await PrepareAsync(flux);
            var before = Tree();
            Assert.Equal("k3s-w1 on k3s-w1", await WhereAsync(space));

            // Killed when the commit is made and nothing has come of it; another process goes on.
            using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop))
            {
                var moving = _owner.ConsoleAsync($"Invoke-HomelabFailover {space}/sonarr -Planned -OverrideGate {Overridden} -Confirm:$false", kill.Token);
                await Controllers.Cluster.UntilAsync(() => Task.FromResult(HasCommitted() || moving.IsCompleted), "it has committed");
                Assert.False(moving.IsCompleted, moving.IsCompletedSuccessfully ? (await moving).Error : "it failed");
                await kill.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => moving);
            }

            Assert.Equal(["Interrupted"], await _owner.RunAsync("(Get-HomelabOperation).Status"));
            Assert.Equal(["Completed k3s-w2 1"], await _owner.RunAsync("Resume-HomelabOperation -Confirm:$false | ForEach-Object { \"$($_.Status) $($_.To) $($_.Protected.Count)\" }"));
            Assert.Equal("k3s-w2 on k3s-w2", await WhereAsync(space));
            Assert.Equal((2, 2), Changes());
            Assert.Equal("k3s-w2", NodeShell.Run("k3s-w2", $"cat {Folder(space)}/../.data.homelabops-*/where"));

            // Home again: the bytes of the beginning.
            Assert.Equal(["Completed k3s-w1"], await _owner.RunAsync($"Invoke-HomelabFailover {space}/sonarr -From k3s-w2 -To k3s-w1 -Planned -OverrideGate {Overridden} -Confirm:$false | ForEach-Object {{ \"$($_.Status) $($_.To)\" }}"));
            Assert.Equal("k3s-w1 on k3s-w1", await WhereAsync(space));
            Assert.Equal(before, Tree());
        }
        finally
        {
            foreach (var role in new[] { "primary", "backup" })
            {
                await flux.Client.DeleteAsync(Types.PersistentVolume, null, $"{space}-{role}", new DeleteRequest(), CancellationToken.None);
            }

            foreach (var node in new[] { "k3s-w1", "k3s-w2" })
            {
                NodeShell.Run(node, $"rm -rf /srv/{space}");
            }
        }
    }

    private static string Folder(string space) => $"/srv/{space}/data";

    private async Task PrepareAsync(FluxCluster flux)
    {
        var space = flux.Target;
        foreach (var (role, claim, node) in new[] { ("primary", "pvc-sonarr", "k3s-w1"), ("backup", "pvc-sonarr-backup", "k3s-w2") })
        {
            NodeShell.Run(node, $"mkdir -p {Folder(space)}; printf {node} > {Folder(space)}/where");
            await flux.ApplyAsync($$$"""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: {{{space}}}-{{{role}}} }
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  persistentVolumeReclaimPolicy: Retain
                  storageClassName: ""
                  hostPath: {path: {{{Folder(space)}}}, type: DirectoryOrCreate}
                  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: role, operator: In, values: [{{{role}}}]} ]} ]} }
                  claimRef: {namespace: {{{space}}}, name: {{{claim}}} }

                """);
        }

        flux.Git.Commit(
            "Begin",
            ("cluster/apps.yaml", $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: {space}}}\nspec: {{interval: 10m, prune: true, wait: true, path: ./apps, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"),
            ("apps/kustomization.yaml", "resources: [deployment.yaml, pvc-sonarr.yaml, pvc-sonarr-backup.yaml]\n"),
            ("apps/deployment.yaml", Deployment.Replace("$space", space, StringComparison.Ordinal)),
            ("apps/pvc-sonarr.yaml", Claim(space, "pvc-sonarr", "primary")),
            ("apps/pvc-sonarr-backup.yaml", Claim(space, "pvc-sonarr-backup", "backup")));
        _owner.CloneFrom(flux.Git);
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("cluster", "");
        await flux.ReadyAsync("apps");
    }

    private static string Claim(string space, string name, string role) =>
        $"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}, namespace: {space}}}\nspec: {{accessModes: [ReadWriteOnce], storageClassName: \"\", volumeName: {space}-{role}, resources: {{requests: {{storage: 1Gi}}}}}}\n";

    // What the application serves, and where it runs.
    private async Task<string> WhereAsync(string space) => string.Join(' ', await _owner.RunAsync(
        $"$pod = Get-HomelabPod -App sonarr -Namespace {space} | Where-Object {{ $_.Ready }}; \"$((Invoke-HomelabPod {space}/sonarr-* -Command 'cat /config/where').Output) on $($pod.Node)\""));

    private bool HasCommitted() => Directory.Exists(Path.Combine(_owner.State, "operations"))
        && Directory.EnumerateFiles(Path.Combine(_owner.State, "operations"), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!["steps"]!.AsArray())
            .Any(steps => steps.Any(step => (string?)step!["name"] == "Commit" && (string?)step["status"] == "Completed"));

    private string Tree()
    {
        using var clone = new Repository(_owner.Clone);
        return clone.Head.Tip.Tree.Sha;
    }

    private (int Added, int Deleted) Changes()
    {
        using var clone = new Repository(_owner.Clone);
        using var patch = clone.Diff.Compare<Patch>(clone.Head.Tip.Parents.Single().Tree, clone.Head.Tip.Tree);
        return (patch.LinesAdded, patch.LinesDeleted);
    }
}
