using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations;

/// <summary>
/// A Lease of the cluster that lets one operation through, whoever begins it and from wherever. It is renewed while the operation
/// goes on, so that of one whose process is gone it is free after a while, and at once for those who have its record. The same operation
/// takes it up again at once.
/// </summary>
internal sealed class OperationLease : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "homelabops-operation";

    private const string Form = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
    private static readonly ResourceType Type = new("coordination.k8s.io", "v1", "leases", "Lease", true);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    // The clocks of two operators' machines are seldom the same.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ClusterClient _client;
    private readonly string _namespace;
    private readonly string _holder;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    private OperationLease(ClusterClient client, string @namespace, string holder)
    {
        (_client, _namespace, _holder) = (client, @namespace, holder);
        _renewing = RenewAsync();
    }

    /// <summary>Cancelled when somebody else has it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Who has it then; null as long as it is ours.</summary>
    public HomelabException? Loss { get; private set; }

    /// <summary>Takes the lease.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="namespace">Namespace of the lease.</param>
    /// <param name="holder">Who takes it; the same one may take it again.</param>
    /// <param name="store">The operations that are known here.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">OperationBusy: somebody else has it. AccessDenied, NamespaceNotFound.</exception>
    public static async Task<OperationLease> TakeAsync(ClusterClient client, string @namespace, string holder, OperationStore store, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await client.FindObjectAsync(Type, @namespace, Name, cancellationToken) is { } lease)
                {
                    var spec = lease["spec"];
                    if ((string?)spec?["holderIdentity"] is { Length: > 0 } other && other != holder && Ends(spec) + Skew > DateTimeOffset.UtcNow && !await IsAbandonedAsync(store, other, cancellationToken))
                    {
                        throw Errors.OperationBusy(client.Name, other, Ends(spec).LocalDateTime);
                    }

                    // With its version, so that of two who find it free one comes too late.
                    lease["spec"] = Spec(holder, (int?)spec?["leaseTransitions"] ?? 0);
                    await client.ReplaceAsync(Type, @namespace, Name, lease, cancellationToken);
                }
                else
                {
                    var body = new JsonObject { ["apiVersion"] = Type.ApiVersion, ["kind"] = Type.Kind, ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = @namespace }, ["spec"] = Spec(holder, 0) };
                    await client.CreateAsync(Type, @namespace, body, cancellationToken);
                }

                return new(client, @namespace, holder);
            }
            catch (HomelabException error) when (error.Kind is ErrorKind.ResourceBusy or ErrorKind.ResourceExists && error.Id != nameof(Errors.OperationBusy) && attempt < 3)
            {
                // Somebody else was quicker; now it shows who.
            }
        }
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            if (!_lost.IsCancellationRequested && await _client.FindObjectAsync(Type, _namespace, Name, limit.Token) is { } lease && (string?)lease["spec"]?["holderIdentity"] == _holder)
            {
                lease["spec"]!["holderIdentity"] = "";
                await _client.ReplaceAsync(Type, _namespace, Name, lease, limit.Token);
            }
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // It ends by itself.
        }

        _stop.Dispose();
        _lost.Dispose();
    }

    private static async Task<bool> IsAbandonedAsync(OperationStore store, string holder, CancellationToken cancellationToken)
    {
        try
        {
            return await store.IsAbandonedAsync(holder, cancellationToken);
        }
        catch (HomelabException)
        {
            // What cannot be read says nothing of its process.
            return false;
        }
    }

    private static DateTimeOffset Ends(JsonNode? spec) =>
        (DateTimeOffset.TryParse((string?)spec?["renewTime"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var renewed) ? renewed : DateTimeOffset.MinValue) + TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0);

    private static JsonObject Spec(string holder, int transitions)
    {
        var now = DateTimeOffset.UtcNow.ToString(Form, CultureInfo.InvariantCulture);
        return new()
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = (int)Duration.TotalSeconds,
            ["acquireTime"] = now,
            ["renewTime"] = now,
            ["leaseTransitions"] = transitions + 1,
        };
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    var lease = await _client.FindObjectAsync(Type, _namespace, Name, _stop.Token);
                    if (lease is null || (string?)lease["spec"]?["holderIdentity"] != _holder)
                    {
                        Loss = Errors.OperationBusy(_client.Name, (string?)lease?["spec"]?["holderIdentity"] ?? "", Ends(lease?["spec"]).LocalDateTime);
                        await _lost.CancelAsync();
                        return;
                    }

                    lease["spec"]!["renewTime"] = DateTimeOffset.UtcNow.ToString(Form, CultureInfo.InvariantCulture);
                    await _client.ReplaceAsync(Type, _namespace, Name, lease, _stop.Token);
                }
                catch (HomelabException)
                {
                    // The API server is away for a moment; who else would take it has the same trouble.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The operation has ended.
        }
    }
}
