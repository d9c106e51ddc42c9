using HomelabOps.Cluster.Tests;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Flux;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Testing;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Tests.Controllers.Flux;

/// <summary>A namespace of an embedded or of a real cluster in which Flux' controllers follow a Git repository.</summary>
internal sealed class FluxPlace(ClusterClient client, string space, GitRemote git, string url, ControllerHost host, Func<ValueTask> end) : IAsyncDisposable
{
    /// <summary>Address of the repository as the cluster takes it.</summary>
    public string Url => url;

    public ClusterClient Client => client;

    public string Space => space;

    public GitRemote Git => git;

    public static async Task<FluxPlace> EmbeddedAsync()
    {
        var flux = await FluxCluster.StartAsync();
        await flux.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: place}\n");
        return new(flux.Client, "place", flux.Git, flux.Git.Url, flux.Cluster.Host, flux.DisposeAsync);
    }

    // A busy lab looks at ending namespaces only now and then.
    private static readonly TimeSpan NamespacePatience = TimeSpan.FromMinutes(3);

    public static async Task<FluxPlace> LabAsync()
    {
        var client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Lab.KubeConfig]), null));
        var (space, git, host) = (new LabNamespace(), new GitRemote(), new ControllerHost(client, new SandboxClock()));
        FluxControllers.AddTo(host, new FluxOptions { CacheFolder = Directory.CreateTempSubdirectory("homelabops-cache-").FullName, IsOurs = name => name == space.Name });

        // Flux' own definition takes no path, so an address stands for it.
        var (url, home) = ($"ssh://git@{space.Name}.invalid/homelab", Directory.CreateTempSubdirectory("homelabops-gitconfig-").FullName);
        await File.WriteAllTextAsync(Path.Combine(home, ".gitconfig"), $"[url \"{git.Url}\"]\n\tinsteadOf = {url}\n");
        GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.Global, home);
        await host.StartAsync(Cluster.Stop);
        return new(client, space.Name, git, url, host, async () =>
        {
            // Only the controllers take their finalizers away, so they run until the namespace is empty.
            space.Dispose();
            await Cluster.UntilAsync(async () => await client.FindObjectAsync(ResourceType.Namespace, null, space.Name, Cluster.Stop) is null, "the namespace is gone", NamespacePatience);
            await host.DisposeAsync();
            GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.Global);
            Scratch.Delete(home);
            git.Dispose();
            client.Dispose();
        });
    }

    /// <summary>Applies objects; <c>$space</c> stands for the namespace.</summary>
    public Task ApplyAsync(string yaml) => FluxCluster.ApplyAsync(client, Text(yaml));

    /// <summary>Commits files, in which <c>$space</c> stands for the namespace.</summary>
    public string Commit(string message, params (string Path, string Text)[] files) => git.Commit(message, [.. files.Select(file => (file.Path, (string?)Text(file.Text)))]);

    /// <summary>Lets the source fetch and a Kustomization apply the newest commit.</summary>
    public async Task ReconcileAsync(string name)
    {
        foreach (var (type, target) in new[] { (Types.GitRepository, "git"), (Types.Kustomization, name) })
        {
            await client.PatchAsync(type, space, target, Core.Kubernetes.Writing.PatchKind.Merge, System.Text.Json.Nodes.JsonNode.Parse($$$"""{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"{{{Guid.NewGuid():N}}}"} } }""")!, Cluster.Stop);
            await UntilAsync(type, target, item => ((string?)item["status"]?["lastAppliedRevision"] ?? (string?)item["status"]?["artifact"]?["revision"]) == $"main@sha1:{git.Head}");
        }
    }

    public Task UntilAsync(ResourceType type, string name, Func<System.Text.Json.Nodes.JsonObject, bool> holds) => Cluster.UntilAsync(
        async () => await client.FindObjectAsync(type, space, name, Cluster.Stop) is { } item && holds(item),
        $"{type.Kind} {name} comes to what it ought to be; {string.Join('\n', host.Faults)}");

    public ValueTask DisposeAsync() => end();

    private string Text(string yaml) => yaml.Replace("$space", space, StringComparison.Ordinal);
}
