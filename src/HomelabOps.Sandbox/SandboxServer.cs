using System.Net;
using System.Security.Cryptography;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Access;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Faults;
using HomelabOps.Sandbox.Housekeeping;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox;

/// <summary>
/// An API server in this process, on loopback only. Whoever does not know its secret gets no answer but 401. Disposing of it
/// releases the port, the threads and the kubeconfig.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable, IDisposable
{
    private const int PortAttempts = 20;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpListener _listener;
    private readonly ApiRouter _router;
    private readonly Housekeeper? _housekeeper;
    private readonly RuntimeFile _kubeConfig;
    private readonly Task _accepting;
    private readonly RequestGate _gate;
    private int _disposed;

    private SandboxServer(SandboxOptions options, HttpListener listener, int port, string secret)
    {
        _listener = listener;
        Url = new Uri($"http://127.0.0.1:{port}/{secret}/");
        Token = secret;
        var store = new ObjectStore(options.Clock, new StoreLimits { Events = options.HistoryEvents });
        Context = new ApiContext(new KindRegistry(), store, options.Clock, new IdSource(options.Seed));
        Faults = new FaultSet();
        Services = new ApiServices(Context, options);
        _gate = new RequestGate(secret, Services.Tokens);
        _router = new ApiRouter(Services, Faults);
        CustomKinds.Attach(Context);
        Bootstrap.Run(Services);
        _housekeeper = options.Housekeeping ? new Housekeeper(Services) : null;
        _kubeConfig = RuntimeFile.Write(options.RuntimeFolder, KubeConfigText.Of(options.ContextName, Url, secret));
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens, with the secret in the path.</summary>
    public Uri Url { get; }

    /// <summary>The secret; also accepted as a bearer token.</summary>
    public string Token { get; }

    /// <summary>The kubeconfig, which only its owner can read.</summary>
    public string KubeConfigPath => _kubeConfig.Path;

    /// <summary>Faults of the wire, to be switched on and off.</summary>
    public FaultSet Faults { get; }

    /// <summary>The way in for what acts inside the homelab, without a connection.</summary>
    internal HttpMessageHandler CreateLocalHandler() => new LocalHandler(ServeAsync);

    internal ApiContext Context { get; }

    internal ApiServices Services { get; }

    /// <summary>Starts listening on a free port.</summary>
    public static SandboxServer Start(SandboxOptions? options = null)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        for (var attempt = 1; ; attempt++)
        {
            // HttpListener does not choose a port itself. Another process may take the number first, so there are several tries.
            var port = RandomNumberGenerator.GetInt32(20000, 60000);
            var listener = new HttpListener { IgnoreWriteExceptions = false };
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return new SandboxServer(options ?? new(), listener, port, secret);
            }
            catch (HttpListenerException) when (attempt < PortAttempts)
            {
                listener.Close();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listener.Close();
        await _accepting;
        if (_housekeeper is not null)
        {
            await _housekeeper.DisposeAsync();
        }

        _kubeConfig.Dispose();
        Faults.Dispose();
        _stopping.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            HttpListenerContext http;
            try
            {
                http = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(new ListenerExchange(http)));
        }
    }

    private async Task ServeAsync(ApiExchange exchange)
    {
        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            var (path, query, user) = _gate.Admit(exchange);
            if (user is null)
            {
                await new ApiResponse(exchange).SendErrorAsync(ApiErrors.Unauthorized());
                return;
            }

            await _router.HandleAsync(new ApiCall(exchange, path, new RequestQuery(query), user, _stopping.Token));
        }
        catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, or the server stops.
            exchange.Abort();
        }
    }
}
