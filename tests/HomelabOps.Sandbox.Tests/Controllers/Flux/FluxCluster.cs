using System.Text.Json.Nodes;
using HomelabOps.Cluster.Tests;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>A cluster with Flux' definitions and controllers, and a Git repository that it follows.</summary>
internal sealed class FluxCluster : IAsyncDisposable
{
    private readonly Cluster? _own;
    private readonly LabNamespace? _lab;
    private readonly ClusterClient? _labClient;
    private readonly ControllerHost? _labHost;

    private FluxCluster(bool isLab)
    {
        if (!isLab)
        {
            _own = new();
            return;
        }

        _labClient = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
        _lab = new();
        _labHost = new ControllerHost(_labClient, new SandboxClock());
        (Space, Target) = (_lab.Name, _lab.Name);
    }

    /// <summary>The server of its own; there is none on the lab.</summary>
    public Cluster Cluster => _own ?? throw new InvalidOperationException("This runs on the lab.");

    public ControllerHost Host => _labHost ?? Cluster.Host;

    /// <summary>The controllers' time.</summary>
    public SandboxClock Clock => (SandboxClock)Host.Clock;

    /// <summary>Where Flux' objects are.</summary>
    public string Space { get; } = "flux-system";

    /// <summary>Where what they apply is.</summary>
    public string Target { get; } = "default";

    public GitRemote Git { get; } = new();

    public FluxWorld World { get; } = new();

    public ClusterClient Client => _labClient ?? Cluster.Client;

    public static async Task<FluxCluster> StartAsync(bool isLab = false)
    {
        var result = new FluxCluster(isLab);
        var options = new FluxOptions { CacheFolder = Directory.CreateTempSubdirectory("homelabops-cache-").FullName, World = result.World };
        if (isLab)
        {
            // It has definitions and objects of others.
            options = options with { IsOurs = name => name == result.Space, RemoteOf = _ => result.Git.Url };
        }
        else
        {
            foreach (var text in new[] { "source", "kustomize", "helm" }.SelectMany(name => Definitions.Of($"{name}.toolkit.fluxcd.io")))
            {
                await result.ApplyAsync(text);
            }

            await result.ApplyAsync($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {result.Space}}}\n");
        }

        FluxControllers.AddTo(result.Host, options);
        await result.Host.StartAsync(Cluster.Stop);
        return result;
    }

    public Task ApplyAsync(string yaml) => ApplyAsync(Client, yaml);

    /// <summary>Applies objects as whoever tests.</summary>
    public static async Task ApplyAsync(ClusterClient client, string yaml)
    {
        foreach (var manifest in ManifestReader.Read("test.yaml", yaml))
        {
            var version = Cells.Text(manifest.Content, "apiVersion").Split('/');
            var kind = Cells.Text(manifest.Content, "kind");
            var group = version.Length == 2 ? version[0] : "";
            var type = (await client.Discovery.ResourcesAsync([group], Cluster.Stop)).FirstOrDefault(type => type.Kind == kind)?.Type
                ?? throw new InvalidOperationException($"{kind} is not served.");
            await client.PatchAsync(type, Cells.Text(manifest.Content, "metadata.namespace"), Cells.Text(manifest.Content, "metadata.name"), PatchKind.Apply, manifest.Content, Cluster.Stop, new WriteOptions { FieldManager = "tests", Force = true });
        }
    }

    /// <summary>The source that all Kustomizations of the tests use. On the lab its address is of this cluster alone: what has the same address is the same repository.</summary>
    public Task AddSourceAsync(string extra = "") => ApplyAsync(
        $"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: flux-system, namespace: {Space}}}\nspec: {{interval: 1m, url: '{(_lab is null ? Git.Url : $"https://git.example.org/{Space}.git")}', ref: {{branch: main}}{extra}}}\n");

    public Task AddKustomizationAsync(string name, string spec) => ApplyAsync(
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: {Space}}}\nspec: {{interval: 10m, prune: true, path: ./{name}, sourceRef: {{kind: GitRepository, name: flux-system}}{spec}}}\n");

    /// <summary>Waits until the Ready condition has this status and reason, and gives the object.</summary>
    public async Task<JsonObject> ReadyAsync(ResourceType type, string name, string status, string reason)
    {
        JsonObject? last = null;
        await Cluster.UntilAsync(
            async () =>
            {
                last = await Client.FindObjectAsync(type, Space, name, Cluster.Stop);
                return Ready(last) is var (found, why, _) && found == status && why == reason;
            },
            $"{name} becomes {status} {reason}; it is {last?["status"]?.ToJsonString()}; {string.Join('\n', Host.Faults)}");
        return last!;
    }

    public Task<JsonObject> ReadyAsync(string name, string status = "True", string reason = "ReconciliationSucceeded") => ReadyAsync(Types.Kustomization, name, status, reason);

    public static (string Status, string Reason, string Message)? Ready(JsonObject? item) =>
        Cells.Items(item, "status.conditions").FirstOrDefault(condition => Cells.Text(condition, "type") == "Ready") is { } ready
            ? (Cells.Text(ready, "status"), Cells.Text(ready, "reason"), Cells.Text(ready, "message"))
            : null;

    /// <summary>Asks for a reconciliation as a user does, and gives the token.</summary>
    public async Task<string> RequestAsync(ResourceType type, string name)
    {
        var token = Guid.NewGuid().ToString("N");
        await Client.PatchAsync(type, Space, name, PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["reconcile.fluxcd.io/requestedAt"] = token } } }, Cluster.Stop);
        return token;
    }

    /// <summary>Lets the source and then the Kustomization look at once.</summary>
    public async Task FetchAsync()
    {
        var token = await RequestAsync(Types.GitRepository, "flux-system");
        await Cluster.UntilAsync(async () => Cells.Text(await Client.FindObjectAsync(Types.GitRepository, Space, "flux-system", Cluster.Stop), "status.lastHandledReconcileAt") == token, "the source answers");
    }

    public async ValueTask DisposeAsync()
    {
        Git.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
            return;
        }

        // Nobody is left who would take the finalizers off, and with them the namespace would never go.
        await _labHost!.DisposeAsync();
        await foreach (var item in _labClient!.ListAsync(Types.Kustomization, new ListQuery { Namespace = Space }, ObjectNodeContext.Default.ObjectNode, cancellationToken: CancellationToken.None))
        {
            await _labClient.PatchAsync(Types.Kustomization, Space, Cells.Text(item.Json, "metadata.name"), PatchKind.Merge, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, CancellationToken.None);
        }

        _lab!.Dispose();
        _labClient.Dispose();
    }
}
