using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Machine;
using HomelabOps.Core.Operations;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Tests.Controllers.Flux;
using LibGit2Sharp;
using Microsoft.Data.Sqlite;

namespace HomelabOps.Sandbox.Tests.Operations;

/// <summary>
/// An application on the lab with volumes of the runbook's kind on both nodes, in a real repository that the project's Flux applies, and an
/// owner who works with the module in processes of its own.
/// </summary>
internal sealed class LabApp : IAsyncDisposable
{
    /// <summary>Gates that do not hold where nothing replicates, and Flux' controllers run in the test.</summary>
    public const string Overridden = "DataComplete, ReversePath, Flux";

    private const string Serving = "httpd -f -p 8989 -h /config";

    // As long as it runs it writes the next number and where it is; and then that it has done so, where nothing is replicated.
    private const string Writing = """while :; do n=$(tail -n 1 /config/journal 2>/dev/null | cut -d" " -f1); line="$((${n:-0} + 1)) $NODE"; echo "$line" >> /config/journal; echo "$line" >> /witness/journal; sleep 1; done""";

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
                  command: [sh, -c, '$command']
                  env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
                  ports: [{name: http, containerPort: 8989}]
                  readinessProbe: {httpGet: {path: /where, port: http}, periodSeconds: 1}
                  volumeMounts: [{name: config, mountPath: /config}, {name: witness, mountPath: /witness}]
              volumes:
                - name: witness
                  hostPath: {path: /srv/$space/witness, type: DirectoryOrCreate}
                - name: config
                  persistentVolumeClaim:
                    claimName: pvc-sonarr

        """;

    private static readonly ResourceType Lease = new("coordination.k8s.io", "v1", "leases", "Lease", true);
    private static readonly Lazy<byte[]> Database = new(MakeDatabase);

    private readonly LabOwner _owner = new();
    private readonly FluxCluster _flux;
    private LabReplication? _replication;

    private LabApp(FluxCluster flux) => _flux = flux;

    public LabOwner Owner => _owner;

    /// <summary>Its namespace.</summary>
    public string Space => _flux.Target;

    /// <summary>Its data on a node.</summary>
    public string Folder => $"/srv/{Space}/data";

    /// <param name="replicates">Its data is on the primary node only, where it writes, and is carried to the other by real Syncthings.</param>
    public static async Task<LabApp> StartAsync(bool replicates = false)
    {
        var app = new LabApp(await FluxCluster.StartAsync(isLab: true));
        try
        {
            await app.PrepareAsync(replicates);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await FreeLeaseAsync();
        if (_replication is not null)
        {
            await _replication.DisposeAsync();
        }

        foreach (var role in new[] { "primary", "backup" })
        {
            await _flux.Client.DeleteAsync(Types.PersistentVolume, null, $"{Space}-{role}", new DeleteRequest(), CancellationToken.None);
        }

        foreach (var node in new[] { "k3s-w1", "k3s-w2" })
        {
            NodeShell.Run(node, $"rm -rf /srv/{Space}");
        }

        await _flux.DisposeAsync();
        _owner.Dispose();
    }

    /// <summary>Takes away the lease of a process that was killed, which keeps other owners waiting until it ends: they do not know that it is dead.</summary>
    public async Task FreeLeaseAsync()
    {
        if (await _flux.Client.FindObjectAsync(Lease, "flux-system", OperationLease.Name, CancellationToken.None) is not null)
        {
            await _flux.Client.DeleteAsync(Lease, "flux-system", OperationLease.Name, new DeleteRequest(), CancellationToken.None);
        }
    }

    /// <summary>What the application serves, and where it runs.</summary>
    public async Task<string> WhereAsync() => string.Join(' ', await _owner.RunAsync(
        $"$pod = Get-HomelabPod -App sonarr -Namespace {Space} | Where-Object {{ $_.Ready }}; \"$((Invoke-HomelabPod {Space}/sonarr-* -Command 'cat /config/where').Output) on $($pod.Node)\""));

    /// <summary>Whether an operation has made its commit.</summary>
    public bool HasCommitted() => Directory.Exists(Path.Combine(_owner.State, "operations"))
        && Directory.EnumerateFiles(Path.Combine(_owner.State, "operations"), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!["steps"]!.AsArray())
            .Any(steps => steps.Any(step => (string?)step!["name"] == "Commit" && (string?)step["status"] == "Completed"));

    /// <summary>The files of the newest commit, by their hash.</summary>
    public string Tree()
    {
        using var clone = new Repository(_owner.Clone);
        return clone.Head.Tip.Tree.Sha;
    }

    /// <summary>Files of the clone that differ from its newest commit.</summary>
    public string Uncommitted()
    {
        using var clone = new Repository(_owner.Clone);
        return string.Join(' ', clone.RetrieveStatus().Where(entry => entry.State != FileStatus.Ignored).Select(entry => entry.FilePath));
    }

    /// <summary>Looks at its pods until it is stopped; gives how many of them ran at the same time at most.</summary>
    public async Task<int> WatchPodsAsync(CancellationToken stop)
    {
        var most = 0;
        while (!stop.IsCancellationRequested)
        {
            var running = 0;
            await foreach (var pod in _flux.Client.ListAsync(ResourceType.Pod, new() { Namespace = Space, LabelSelector = "app=sonarr" }, WireContext.Default.PodWire, cancellationToken: CancellationToken.None))
            {
                running += pod.Status?.ContainerStatuses?.Exists(container => container.State?.Running is not null) == true ? 1 : 0;
            }

            most = Math.Max(most, running);
            await Task.Delay(100, CancellationToken.None);
        }

        return most;
    }

    /// <summary>Lines that the newest commit has changed.</summary>
    public (int Added, int Deleted) Changes()
    {
        using var clone = new Repository(_owner.Clone);
        using var patch = clone.Diff.Compare<Patch>(clone.Head.Tip.Parents.Single().Tree, clone.Head.Tip.Tree);
        return (patch.LinesAdded, patch.LinesDeleted);
    }

    /// <summary>Keeps its pods from starting on a node, or lets them start again: what ought to be the folder of the volume is a file.</summary>
    public void Hold(string node, bool isOn) => NodeShell.Run(node, isOn ? $"mv {Folder} {Folder}.held && touch {Folder}" : $"rm {Folder} && mv {Folder}.held {Folder}");

    /// <summary>Gives the Syncthing of the backup another peer beside what Git says, or takes it away, and waits until VolSync has told it.</summary>
    public Task ShareAsync(bool isOn) => _replication!.ShareAsync("backup", isOn);

    /// <summary>Waits until VolSync knows on which side the application is; until then it may replace the Syncthings at any moment.</summary>
    public Task FollowedAsync(string role) => _replication!.FollowedAsync(role);

    /// <summary>Gives the data on a node a database that is whole.</summary>
    public void WriteDatabase(string node) => NodeShell.Run(node, $"echo {Convert.ToBase64String(Database.Value)} | base64 -d > {Folder}/library.db");

    private static byte[] MakeDatabase()
    {
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Path, "library.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE series (title TEXT); CREATE INDEX titles ON series (title); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO series SELECT 'Title of number ' || i FROM n;";
            command.ExecuteNonQuery();
        }

        return File.ReadAllBytes(path);
    }

    /// <summary>What the application has written, as a node has it.</summary>
    public string[] Journal(string node) => Lines(node, $"{Folder}/journal");

    /// <summary>What it has written on a node, whatever has become of that.</summary>
    public string[] Written(string node) => Lines(node, $"/srv/{Space}/witness/journal");

    /// <summary>What it had written at home when that was moved aside.</summary>
    public string[] Aside(string node) => Lines(node, $"/srv/{Space}/.data.homelabops-*/journal");

    /// <summary>Copies of files that both sides have changed.</summary>
    public string[] Conflicts() => [.. new[] { "k3s-w1", "k3s-w2" }.SelectMany(node => NodeShell.Run(node, $"find {Folder} -name '*.sync-conflict-*'").Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>A volume of the runbook's kind.</summary>
    public static string Volume(string name, string role, string folder, string space, string claim) => $$$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: {{{name}}} }
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          storageClassName: ""
          hostPath: {path: {{{folder}}}, type: DirectoryOrCreate}
          nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: role, operator: In, values: [{{{role}}}]} ]} ]} }
          claimRef: {namespace: {{{space}}}, name: {{{claim}}} }

        """;

    private async Task PrepareAsync(bool replicates)
    {
        var space = Space;
        foreach (var (role, claim, node) in new[] { ("primary", "pvc-sonarr", "k3s-w1"), ("backup", "pvc-sonarr-backup", "k3s-w2") })
        {
            NodeShell.Run(node, $"mkdir -p {Folder}");
            if (!replicates || role == "primary")
            {
                NodeShell.Run(node, $"printf {node} > {Folder}/where");
                WriteDatabase(node);
            }

            await _flux.ApplyAsync(Volume($"{space}-{role}", role, Folder, space, claim));
        }

        if (replicates)
        {
            _replication = await LabReplication.StartAsync(space);
        }

        _flux.Git.Commit(
            "Begin",
            ("cluster/apps.yaml", $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: {space}}}\nspec: {{interval: 10m, prune: true, wait: true, path: ./apps, sourceRef: {{kind: GitRepository, name: flux-system}}}}\n"),
            ("apps/kustomization.yaml", $"resources: [deployment.yaml, pvc-sonarr.yaml, pvc-sonarr-backup.yaml{(replicates ? ", volsync.yaml" : "")}]\n"),
            ("apps/deployment.yaml", Deployment.Replace("$space", space, StringComparison.Ordinal).Replace("$command", replicates ? $"{Writing} & {Serving}" : $"exec {Serving}", StringComparison.Ordinal)),
            ("apps/pvc-sonarr.yaml", Claim(space, "pvc-sonarr", "primary")),
            ("apps/pvc-sonarr-backup.yaml", Claim(space, "pvc-sonarr-backup", "backup")),
            ("apps/volsync.yaml", _replication?.Apart()));
        await _flux.AddSourceAsync();
        await _flux.AddKustomizationAsync("cluster", "");
        await _flux.ReadyAsync("apps");
        if (_replication is not null)
        {
            _flux.Git.Commit("Pair", ("apps/volsync.yaml", await _replication.TogetherAsync()));
            await _flux.FetchAsync();
        }

        _owner.CloneFrom(_flux.Git);
        if (replicates)
        {
            await FollowedAsync("primary");
            await ArrivedAsync();
        }
    }

    // A Syncthing that has dialled in vain tries again after a minute.
    private async Task ArrivedAsync()
    {
        try
        {
            await Controllers.Cluster.UntilAsync(() => Task.FromResult(Journal("k3s-w2").Length > 0), "the first numbers have arrived", TimeSpan.FromMinutes(5));
        }
        catch (Xunit.Sdk.XunitException)
        {
            Assert.Fail($"Nothing has arrived: {string.Join("; ", await Owner.RunAsync($"Get-SyncthingReplication -Namespace {Space} | ForEach-Object {{ \"$($_.Name) $($_.State) $($_.FolderState) $($_.Message)\" }}"))}");
        }
    }

    private static string[] Lines(string node, string file) => NodeShell.Run(node, $"cat {file} 2>/dev/null || true").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Claim(string space, string name, string role) =>
        $"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}, namespace: {space}}}\nspec: {{accessModes: [ReadWriteOnce], storageClassName: \"\", volumeName: {space}-{role}, resources: {{requests: {{storage: 1Gi}}}}}}\n";
}
