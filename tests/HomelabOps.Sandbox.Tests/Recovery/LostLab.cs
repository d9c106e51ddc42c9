using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;
using HomelabOps.Sandbox.Tests.Controllers.Flux;

namespace HomelabOps.Sandbox.Tests.Recovery;

/// <summary>A lab that may lose all that it knows, the repository that it comes back from, and its owner.</summary>
internal sealed class LostLab : IDisposable
{
    private const string Folder = "/srv/recovery";

    private const string Sync = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: {name: flux-system, namespace: flux-system}
        spec:
          interval: 1m0s
          ref: {branch: main}
          secretRef: {name: flux-system}
          url: https://git.example.org/home.git
        ---
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: flux-system, namespace: flux-system}
        spec: {interval: 10m0s, path: ./clusters/lab, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}

        """;

    // No registry is in reach, so the controllers' pods have an image that every node has; what they would do is played by the test. Without
    // this patch they would never come up, as behind a mirror of images.
    private const string Patched = """
        resources: [gotk-components.yaml, gotk-sync.yaml]
        patches:
          - target: {kind: Deployment}
            patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: all}
              spec:
                template:
                  spec:
                    terminationGracePeriodSeconds: 0
                    containers:
                      - name: manager
                        image: docker.io/library/busybox:1.36
                        command: [sleep, "86400"]
                        args: null
                        livenessProbe: null
                        readinessProbe: null
                        securityContext: null

        """;

    private const string Storage = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: media}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-sonarr}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          storageClassName: ""
          hostPath: {path: $folder, type: DirectoryOrCreate}
          nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k3s-w1]}]}]}}
          claimRef: {namespace: media, name: pvc-sonarr}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: pvc-sonarr, namespace: media, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}
        spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: pv-sonarr, resources: {requests: {storage: 1Gi}}}

        """;

    private const string App = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: sonarr, namespace: media}
        spec:
          selector: {matchLabels: {app: sonarr}}
          template:
            metadata: {labels: {app: sonarr}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
                - name: sonarr
                  image: docker.io/library/busybox:1.36
                  imagePullPolicy: IfNotPresent
                  command: [httpd, -f, -p, "8989", -h, /config]
                  ports: [{name: http, containerPort: 8989}]
                  readinessProbe: {httpGet: {path: /where, port: http}, periodSeconds: 1}
                  volumeMounts: [{name: config, mountPath: /config}]
              volumes: [{name: config, persistentVolumeClaim: {claimName: pvc-sonarr}}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: sonarr, namespace: media}
        spec: {selector: {app: sonarr}, ports: [{name: http, protocol: TCP, port: 80, targetPort: http}]}

        """;

    // What comes and goes by itself.
    private static readonly string[] Passing = ["Event", "Lease", "Endpoints", "Node", "APIService"];

    private readonly GitRemote _git = new();

    public LostLab()
    {
        _git.Commit(
            "Begin",
            ("clusters/lab/flux-system/gotk-components.yaml", FluxManifests.Components()),
            ("clusters/lab/flux-system/gotk-sync.yaml", Sync),
            ("clusters/lab/flux-system/kustomization.yaml", Patched),
            ("clusters/lab/storage.yaml", Kustomization("storage", "")),
            ("clusters/lab/apps.yaml", Kustomization("apps", ", dependsOn: [{name: storage}]")),
            ("storage/storage.yaml", Storage.Replace("$folder", Folder, StringComparison.Ordinal)),
            ("apps/sonarr.yaml", App));
        Owner.CloneFrom(_git);
        NodeShell.Run("k3s-w1", $"mkdir -p {Folder}; printf 'what was watched' > {Folder}/where");
    }

    public LabOwner Owner { get; } = new();

    public static ClusterClient Connect() => new(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));

    public void Dispose()
    {
        NodeShell.Run("k3s-w1", $"rm -rf {Folder}");
        Owner.Dispose();
        _git.Dispose();
    }

    /// <summary>Brings the cluster back by the one command, with a token for Flux. Gives the outcome, then a line for each step.</summary>
    public async Task<string[]> RestoreAsync()
    {
        using var client = Connect();
        await using var host = new ControllerHost(client, new SandboxClock());
        var cache = Directory.CreateTempSubdirectory("homelabops-cache-").FullName;
        FluxControllers.AddTo(host, new FluxOptions { CacheFolder = cache, RemoteOf = _ => _git.Url });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Controllers.Cluster.Stop);
        var playing = PlayAsync(host, stop.Token);
        try
        {
            return await Owner.RunAsync(
                "$token = [securestring]::new(); 'a token'.ToCharArray() | ForEach-Object { $token.AppendChar($_) }; "
                + "Restore-HomelabCluster -Credential ([pscredential]::new('git', $token)) -TimeoutSeconds 220 -Confirm:$false | ForEach-Object { \"$($_.Recovered) $($_.Path)\"; $_.Steps | ForEach-Object { \"$($_.Name) $($_.Duration) $($_.Message)\" } }");
        }
        finally
        {
            await stop.CancelAsync();
            await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>All objects that no other one owns, as <c>kind/namespace/name</c>, whatever Test-HomelabRecovery thinks of them.</summary>
    public static async Task<SortedSet<string>> ObjectsAsync()
    {
        using var client = Connect();
        client.Discovery.BelievedFor = TimeSpan.Zero;
        await client.Discovery.ForgetAsync(Controllers.Cluster.Stop);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in (await client.Discovery.AllAsync(Controllers.Cluster.Stop)).Where(type => type.Verbs.Contains("list") && type.Verbs.Contains("create") && !Passing.Contains(type.Kind, StringComparer.Ordinal)))
        {
            await foreach (var item in client.ListAsync(type.Type, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Controllers.Cluster.Stop))
            {
                // Accounts get tokens of names that are drawn.
                if (item.Json["metadata"]!["ownerReferences"] is null && item.Json["metadata"]!["annotations"]?["kubernetes.io/service-account.name"] is null)
                {
                    found.Add(item.Metadata.Namespace is { Length: > 0 } space ? $"{type.Kind}/{space}/{item.Metadata.Name}" : $"{type.Kind}/{item.Metadata.Name}");
                }
            }
        }

        return found;
    }

    /// <summary>All Kustomizations, with what they say of themselves.</summary>
    public static async Task<IReadOnlyList<string>> KustomizationsAsync()
    {
        using var client = Connect();
        var found = new List<string>();
        await foreach (var item in client.ListAsync(Types.Kustomization, new ListQuery(), ObjectNodeContext.Default.ObjectNode, cancellationToken: Controllers.Cluster.Stop))
        {
            found.Add($"{item.Metadata.Name} {Cells.Items(item.Json, "status.conditions").Where(condition => Cells.Text(condition, "type") == "Ready").Select(condition => Cells.Text(condition, "status")).SingleOrDefault()}");
        }

        return found;
    }

    private static string Kustomization(string name, string extra) =>
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec: {{interval: 10m, prune: true, wait: true, path: ./{name}, sourceRef: {{kind: GitRepository, name: flux-system}}{extra}}}\n";

    // Controllers come up when their pods do, which is after their definitions.
    private static async Task PlayAsync(ControllerHost host, CancellationToken cancellationToken)
    {
        var definitions = FluxManifests.Components().Split("kind: CustomResourceDefinition").Length - 1;
        while (!await host.Client.Discovery.ForgetAsync(cancellationToken) || (await host.Client.Discovery.AllAsync(cancellationToken)).Count(type => type.Group.EndsWith(".toolkit.fluxcd.io", StringComparison.Ordinal)) < definitions)
        {
            await Task.Delay(200, cancellationToken);
        }

        await host.StartAsync(cancellationToken);
    }
}
