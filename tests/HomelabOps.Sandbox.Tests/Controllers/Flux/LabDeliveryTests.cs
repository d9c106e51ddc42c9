using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>
/// The runbook's common tasks as an owner does them: the module in a process of its own, a clone and its remote, and a real
/// cluster whose kubelets run what Flux applies.
/// </summary>
public sealed class LabDeliveryTests : IDisposable
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: sonarr
          namespace: $space
        spec:
          replicas: 1 # one is enough
          selector:
            matchLabels: {app: sonarr}
          template:
            metadata:
              labels: {app: sonarr}
            spec:
              terminationGracePeriodSeconds: 0
              nodeSelector: {role: primary}
              containers:
                - name: sonarr
                  image: docker.io/library/busybox:1.36
                  imagePullPolicy: IfNotPresent
                  command: [sleep, "3600"]

        """;

    private readonly LabOwner _owner = new();

    private string Clone => _owner.Clone;

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task Commits_become_what_real_nodes_run()
    {
        await using var flux = await FluxCluster.StartAsync(isLab: true);
        await PrepareAsync(flux);

        var updated = await RunAsync("Set-HomelabAppImage sonarr -Tag latest", Said("Commit", "Pushed", "RolledOut"));
        Assert.Equal([flux.Git.Head, "True", "True"], updated);
        Assert.Equal(["docker.io/library/busybox:latest Running"], await PodsAsync(flux, "sonarr"));
        Assert.Equal(1, Changes("apps/" + flux.Target + "/sonarr/deployment.yaml"));

        Assert.Equal(["True"], await RunAsync("Set-HomelabAppReplica sonarr 2", Said("RolledOut")));
        Assert.Equal(2, (await PodsAsync(flux, "sonarr")).Count(pod => pod.EndsWith(" Running", StringComparison.Ordinal)));

        Assert.Equal(["True"], await RunAsync($"New-HomelabApp notes {flux.Target} localhost/pause:1 -Confirm:$false", Said("RolledOut")));
        Assert.Equal(["localhost/pause:1 Running"], await PodsAsync(flux, "notes"));

        DeleteByHand($"apps/{flux.Target}/notes", $"apps/{flux.Target}/kustomization.yaml", "notes");
        Assert.Equal(["True"], await RunAsync($"Invoke-FluxReconcile Kustomization/{flux.Space}/apps -WithSource", Said("Ready"), "homelabops-flux"));
        Assert.Null(await flux.Client.FindObjectAsync(Types.Deployment, flux.Target, "notes", Cluster.Stop));

        Assert.Equal(["True"], await RunAsync("Restore-HomelabManifest notes -Confirm:$false", Said("RolledOut"), "homelabops-gitops"));
        Assert.Equal(["localhost/pause:1 Running"], await PodsAsync(flux, "notes"));

        Assert.Equal(["True"], await RunAsync("Set-HomelabAppResource notes -MemoryLimit 64Mi", Said("RolledOut")));
        var undone = await RunAsync("Undo-GitOpsChange HEAD -Confirm:$false", Said("Commit"), "homelabops-gitops");
        Assert.Equal([flux.Git.Head], undone);
        Assert.Equal(["True"], await RunAsync("Remove-HomelabApp notes -Confirm:$false", Said("Pushed")));
        Assert.Null(await flux.Client.FindObjectAsync(Types.Deployment, flux.Target, "notes", Cluster.Stop));
    }

    // The rollout of a commit that cannot run ends with the kubelet's own words, and well before its time.
    [Fact]
    public async Task An_image_that_cannot_be_pulled_ends_the_waiting_with_the_reason()
    {
        await using var flux = await FluxCluster.StartAsync(isLab: true);
        await PrepareAsync(flux);

        var result = await _owner.ConsoleAsync("Set-HomelabAppImage sonarr -Image 127.0.0.1:9/sonarr:1 -TimeoutSeconds 50", Cluster.Stop);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("127.0.0.1:9", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("50 seconds", result.Error, StringComparison.Ordinal);
        Assert.Contains("docker.io/library/busybox:1.36 Running", await PodsAsync(flux, "sonarr"));
    }

    private async Task PrepareAsync(FluxCluster flux)
    {
        var space = flux.Target;
        flux.Git.Commit(
            "Begin",
            ("cluster/apps.yaml", $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: {space}}}\nspec: {{interval: 10m, prune: true, wait: true, path: ./apps, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"),
            ("apps/kustomization.yaml", $"resources:\n  - {space}\n"),
            ($"apps/{space}/kustomization.yaml", "resources:\n  - sonarr\n"),
            ($"apps/{space}/sonarr/kustomization.yaml", "resources:\n  - deployment.yaml\n"),
            ($"apps/{space}/sonarr/deployment.yaml", Deployment.Replace("$space", space, StringComparison.Ordinal)));
        _owner.CloneFrom(flux.Git);
        await flux.AddSourceAsync();
        await flux.AddKustomizationAsync("cluster", "");
        await flux.ReadyAsync("apps");
    }

    private static string Said(params string[] properties) => string.Join("; ", properties.Select(property => $"\"$($_.{property})\""));

    // What would be deleted is looked for first, which takes homelabops-dry-run; warnings say that it could not be.
    private Task<string[]> RunAsync(string command, string said, string role = "homelabops-applications") => _owner.RunAsync($"{command} 3>$null | ForEach-Object {{ {said} }}", role);

    private static async Task<string[]> PodsAsync(FluxCluster flux, string app)
    {
        var pods = new List<string>();
        await foreach (var pod in flux.Client.ListAsync(ResourceType.Pod, new ListQuery { Namespace = flux.Target, LabelSelector = $"app={app}" }, Core.Kubernetes.Objects.ObjectNodeContext.Default.ObjectNode, cancellationToken: Cluster.Stop))
        {
            if (pod.Json["metadata"]!["deletionTimestamp"] is null)
            {
                pods.Add($"{pod.Json["spec"]!["containers"]![0]!["image"]} {pod.Json["status"]!["phase"]}");
            }
        }

        return [.. pods];
    }

    private int Changes(string path)
    {
        using var clone = new Repository(Clone);
        return clone.Diff.Compare<Patch>(clone.Head.Tip.Parents.Single().Tree, clone.Head.Tip.Tree) is var patch && patch.Count() == 1 ? patch[path].LinesAdded : -1;
    }

    private void DeleteByHand(string folder, string kustomization, string entry)
    {
        using var clone = new Repository(Clone);
        Directory.Delete(Path.Combine(Clone, folder), recursive: true);
        var file = Path.Combine(Clone, kustomization);
        File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.EndsWith($"- {entry}", StringComparison.Ordinal)));
        Commands.Stage(clone, "*");
        var author = new Signature("Anna", "anna@example.org", DateTimeOffset.Now);
        clone.Commit("Away with it", author, author);
        clone.Network.Push(clone.Head);
    }
}
