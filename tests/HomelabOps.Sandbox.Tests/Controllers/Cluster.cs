using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Sandbox.Clock;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Controllers;

/// <summary>A server of its own with a clock of its own, for the tests of controllers.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public Cluster(Func<SandboxOptions, SandboxOptions>? configure = null)
    {
        var options = new SandboxOptions { Clock = Clock, Seed = 1 };
        Server = SandboxServer.Start(configure?.Invoke(options) ?? options);
        Client = new ClusterClient(ClusterEndpoint.Resolve(KubeConfig.Load([Server.KubeConfigPath]), null));
        Host = new ControllerHost(Client, Clock);
    }

    public SandboxClock Clock { get; } = new();

    public SandboxServer Server { get; }

    public ClusterClient Client { get; }

    public ControllerHost Host { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Waits until something holds; fails where it does not within half a minute, or the patience that is given.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(patience ?? Patience);
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"It never came to this: {what}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
