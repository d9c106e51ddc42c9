using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Ssh;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>Brings a cluster back from Git. Each step looks at what is there already, so that running all of it again goes on where the last one ended.</summary>
/// <param name="options">How.</param>
/// <param name="plan">What was found before.</param>
internal sealed class ClusterRestorer(RestoreOptions options, RestorePlan plan)
{
    private readonly List<OperationStep> _steps = [];
    private readonly Channel<Notice> _notices = Channel.CreateUnbounded<Notice>();
    private readonly ObjectApply _apply = new(options.Client, options.Journal);
    private readonly RestoreWatch _watch = new(options, plan.Install);

    private FluxInstall Install => plan.Install;

    /// <summary>Keys of hosts that the user knows.</summary>
    internal KnownHosts Hosts { get; init; } = KnownHosts.OfUser();

    /// <summary>Does it, and gives what there is to tell, then the result; an error follows where a step failed.</summary>
    /// <param name="cancellationToken">Ends it; what was applied stays.</param>
    public async IAsyncEnumerable<Streamed<RecoveryResult>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (began, activity, failure) = (TimeProvider.System.GetTimestamp(), Errors.Text("RestoreRunning", options.Client.Name), default(HomelabException));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        (string Name, Func<CancellationToken, Task<string>> Work)[] steps =
        [
            ("Login", LoginAsync),
            ("Components", async stop => Errors.Text("Detail_RestoreApplied", await _apply.RunAsync(Install.Components, stop))),
            ("Secret", SecretAsync),
            ("WebhookSecret", WebhookAsync),
            ("Sync", async stop => Errors.Text("Detail_RestoreApplied", await _apply.RunAsync(Install.Sync, stop))),
            ("Source", stop => _watch.SourceAsync(Tell, stop)),
            ("Kustomizations", stop => _watch.KustomizationsAsync(Tell, stop)),
            ("Verify", stop => RestoreProof.RunAsync(options, Tell, stop)),
        ];
        foreach (var (name, work) in steps)
        {
            yield return new ProgressNotice(activity, name, IsDone: false);
            var running = StepAsync(name, work, limit.Token, cancellationToken);
            while (!running.IsCompleted || _notices.Reader.TryPeek(out _))
            {
                while (_notices.Reader.TryRead(out var notice))
                {
                    yield return notice is ProgressNotice progress ? progress with { Activity = activity } : notice;
                }

                await Task.WhenAny(running, _notices.Reader.WaitToReadAsync(CancellationToken.None).AsTask());
            }

            failure = await running;
            if (failure is not null)
            {
                break;
            }
        }

        yield return new ProgressNotice(activity, activity, IsDone: true);
        yield return new RecoveryResult
        {
            Cluster = options.Client.Name,
            Repository = Install.Repository,
            Path = Install.Path,
            Revision = _watch.Revision,
            Recovered = failure is null,
            Steps = [.. _steps],
            Pending = _watch.Pending,
            Duration = TimeProvider.System.GetElapsedTime(began),
        };
        if (failure is not null)
        {
            yield return new FailureNotice(failure);
        }
    }

    private void Tell(Notice notice) => _notices.Writer.TryWrite(notice);

    private async Task<HomelabException?> StepAsync(string name, Func<CancellationToken, Task<string>> work, CancellationToken limit, CancellationToken stop)
    {
        var (began, started) = (TimeProvider.System.GetTimestamp(), DateTime.Now);
        try
        {
            Add(OperationStepStatus.Completed, await work(limit));
            return null;
        }
        catch (HomelabException error)
        {
            Add(OperationStepStatus.Failed, error.Message);
            return error;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            var error = Errors.RecoveryUnfinished(options.Client.Name, name, options.Timeout, _watch.Pending);
            Add(OperationStepStatus.Failed, error.Message);
            return error;
        }

        void Add(OperationStepStatus status, string message) =>
            _steps.Add(new() { Name = name, Status = status, Started = started, Duration = TimeProvider.System.GetElapsedTime(began), Message = message });
    }

    private async Task<string> LoginAsync(CancellationToken cancellationToken)
    {
        await UseLoginAsync(_ => Task.CompletedTask, cancellationToken);
        return "";
    }

    private Task<string> SecretAsync(CancellationToken cancellationToken) => UseLoginAsync(
        async secret =>
        {
            var change = new JournalEntry { Cluster = options.Client.Name, Kind = "Secret", Namespace = Install.Namespace, Name = secret.Name, Change = secret.IsThere ? "patch" : "create", Undo = JournalUndo.None("Secret") };
            await options.Journal.RunAsync(change, () => secret.IsThere
                ? options.Client.MergeSecretlyAsync(RestoreTypes.Secret, Install.Namespace, secret.Name, secret.Body, new WriteOptions(), cancellationToken)
                : options.Client.CreateSecretlyAsync(RestoreTypes.Secret, Install.Namespace, secret.Name, secret.Body, new WriteOptions(), cancellationToken));
        },
        cancellationToken);

    // What cannot be used is said before anything changes, so this is done twice: without and with writing.
    private async Task<string> UseLoginAsync(Func<(string Name, byte[] Body, bool IsThere), Task> write, CancellationToken cancellationToken)
    {
        if (Install.SecretName is not { } name)
        {
            return Errors.Text("Detail_RestoreNoSecret");
        }

        var live = await options.Client.FindObjectAsync(RestoreTypes.Secret, Install.Namespace, name, cancellationToken);
        if (options.Login is null)
        {
            return live is not null ? Errors.Text("Detail_RestoreKept") : throw Errors.RecoveryCredentialRequired($"{Install.Namespace}/{name}", Install.Url);
        }

        var body = options.Login.ToBody(Install.Namespace, name, Install.Url, Hosts);
        try
        {
            if (live is not null && HasSame(live, body))
            {
                return Errors.Text("Detail_RestoreKept");
            }

            if (live is not null && !options.Force)
            {
                throw Errors.RecoverySecretDiffers($"{Install.Namespace}/{name}");
            }

            await write((name, body, live is not null));
            return Errors.Text("Detail_RestoreMade", $"{Install.Namespace}/{name}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static bool HasSame(JsonObject live, byte[] body)
    {
        var wanted = JsonNode.Parse(body)!["data"]!.AsObject();
        return wanted.All(entry => Scalars.Text(live["data"]?[entry.Key]) == Scalars.Text(entry.Value));
    }

    // An empty one is all that is wanted; one that is there is the controller's own.
    private async Task<string> WebhookAsync(CancellationToken cancellationToken)
    {
        if (Install.WebhookSecret is not { } webhook)
        {
            return Errors.Text("Detail_RestoreNoWebhook");
        }

        var space = ObjectText.Name(webhook.Namespace);
        if (await options.Client.FindObjectAsync(RestoreTypes.Secret, space, webhook.Name, cancellationToken) is not null)
        {
            return Errors.Text("Detail_RestoreKept");
        }

        await _apply.RunAsync([webhook.Namespace], cancellationToken);
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["type"] = "Opaque", ["metadata"] = new JsonObject { ["name"] = webhook.Name, ["namespace"] = space } };
        var entry = new JournalEntry { Cluster = options.Client.Name, Kind = "Secret", Namespace = space, Name = webhook.Name, Change = "create", Undo = JournalUndo.None("Secret") };
        await options.Journal.RunAsync(entry, () => options.Client.CreateAsync(RestoreTypes.Secret, space, body, cancellationToken));
        return Errors.Text("Detail_RestoreMade", $"{space}/{webhook.Name}");
    }
}
